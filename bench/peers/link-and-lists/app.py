"""The work of two originals, for comparison: messages by link kept in Redis, and the country lists.

One Flask application under gunicorn. As in the originals, a message is a UUIDv4 key in Redis with an end, and a list is
made anew for every request.
"""
import os
import uuid

import redis
from flask import Flask, jsonify, request

SECONDS = 604800
PREFIX = os.environ["BENCH_PREFIX"]
store = redis.Redis.from_url(os.environ["BENCH_REDIS_URL"])
app = Flask(__name__)

NAMES = {"FR": "France", "GB": "United Kingdom", "IE": "Ireland", "ES": "Spain"}
LISTS = {"source": ["FR", "GB"], "destination": ["FR", "IE", "ES", "GB"]}


@app.after_request
def harden(response):
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@app.post("/")
def create():
    body = request.get_json(silent=True)
    if body is None:
        return jsonify(message="Bad request - Your request is missing a JSON payload.", status=400), 400
    if "message" not in body:
        return jsonify(message='Bad request - The JSON payload is missing a "message" key.', status=400), 400
    message_id = str(uuid.uuid4())
    store.setex(PREFIX + message_id, SECONDS, body["message"])
    return jsonify(message_id=message_id, status=200)


@app.get("/msg/<uuid:message_id>")
def read(message_id):
    message = store.get(PREFIX + str(message_id))
    if message is None:
        return jsonify(message="Bad request - There is no message for this id", status=400), 400
    return jsonify(message=message.decode(), status=200)


@app.get("/v1/countries")
def countries():
    codes = LISTS.get(request.args.get("target", ""))
    if codes is None:
        return jsonify(message={"target": "Invalid request"}), 400
    return jsonify(sorted(({"isoCode": code, "name": NAMES[code]} for code in codes), key=lambda one: one["name"]))


@app.get("/ready")
def ready():
    store.ping()
    return jsonify(status=True)


def forget():
    """Removes what this benchmark wrote."""
    for key in store.scan_iter(match=PREFIX + "*", count=10000):
        store.delete(key)
