"""Background work. A job's row in the main database is the truth; the queue only wakes the worker.

- `board` asks for jobs, takes them, and writes how far they are.
- `kinds` knows what each kind of job does.
- `queue` wakes the worker; with JOBS_AT_ONCE the work is done in the process that asks for it.
- `worker` is the process that works; it also looks for jobs whose wake-up or process was lost.
"""
