"""Training: courses, who wants them and gets a seat, attendance, results, licences, and the work that follows.

Nouns: Course, Enrolment, Certificate, Vacancy, Answer. Entries: `services` (courses and seats), `results`,
`vacancies`, `funnel`. Which courses ought to open and who sits where the room `people` decides; its plan is taken in
by `plans`.
"""
