"""The WSGI entry point: `waitress-serve wsgi:app`, `gunicorn wsgi:app`, `flask --app wsgi ...`."""

import gc

from portal import create_app

app = create_app()
# What stands now stands as long as the process: the search for rubbish, which a large page sets off, leaves it out.
gc.collect()
gc.freeze()
