"""What this project costs, beside what people would use instead (docs/benchmarks.md).

To add a case, write a file here with a function `results(rounds: int) -> list[Result]` and add its name to
`benchmarks.cases.CASES`. `benchmarks.rounds` times contenders fairly; `benchmarks.recording` and `benchmarks.clients`
hold a simulated gateway and the clients that listen to it.
"""
