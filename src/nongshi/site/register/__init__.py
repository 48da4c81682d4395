"""Register: fields, machines, operators, dryers, yards, code tables, and who lends what to whom.

Nouns: Field, Machine, Operator, Licence, Dryer, Yard, Lending, CodeTable. Must not know jobs and plans.
"""
