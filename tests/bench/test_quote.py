from nongshi.bench.quote import bench_quote, some_jobs
from nongshi.synthetic import make_region


def test_quotes_are_timed_and_agree_with_the_readable_version() -> None:
    figures = bench_quote(fields=20, quotes=5, plain=1)
    assert figures["quotes"] == 5
    assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["p99_ms"]
    assert figures["plain_mean_ms"] > 0


def test_jobs_by_chance_are_new_and_the_same_for_a_seed() -> None:
    region = make_region(fields=20, machines=None, load=1.0, season="rice-harvest", seed=1)
    jobs = some_jobs(region, 10, 1)
    assert not {job.id for job in jobs} & set(region.job_of)
    assert jobs == some_jobs(region, 10, 1)
