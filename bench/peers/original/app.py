"""The original's job, for comparison: a signed webhook verified, then queued for Celery workers over RabbitMQ.

One Flask application under gunicorn. As in the original, the signature is checked over the raw bytes, the body must
be a non-empty JSON array, and each notification becomes one task per backend in the message queue.
BENCH_TASKS: tasks per notification (the original has four backends).
"""
import hashlib
import hmac
import os
import uuid
from datetime import datetime, timezone

from celery import Celery
from flask import Flask, jsonify, request
from kombu import Queue

KEY = os.environ["SIGNATURE_KEY"].encode()
TASKS = int(os.environ["BENCH_TASKS"])
# Gone by itself when a benchmark is interrupted before it removes the queue.
QUEUE = Queue(os.environ["BENCH_QUEUE"], expires=600)

celery = Celery("original", broker=os.environ["BENCH_BROKER_URL"])
celery.conf.update(task_default_queue=QUEUE.name, task_queues=[QUEUE], task_ignore_result=True)
app = Flask(__name__)


@celery.task(name="dispatch")
def dispatch(message, backend):
    """What a worker would run; the original's backends are empty."""
    return bool(message) and backend >= 0


def genuine(body, signature):
    expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


@app.post("/v1/webhook")
def webhook():
    if not genuine(request.get_data(), request.headers.get("X-Sqreen-Integrity", "")):
        return jsonify(error="You need to authenticate to access this API."), 401
    notifications = request.get_json(silent=True)
    if not isinstance(notifications, list) or not notifications:
        return jsonify(error="Unprocessable Entity"), 422
    for notification in notifications:
        for backend in range(TASKS):
            processed_at = datetime.now(timezone.utc).isoformat()
            message = {"id": uuid.uuid4().hex, "processed_at": processed_at, "notification": notification}
            dispatch.delay(message, backend)
    return jsonify(status=True), 200


@app.get("/ready")
def ready():
    """Also proves that the broker can be reached."""
    with celery.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1)
    return jsonify(status=True), 200


def queued():
    """Messages in the queue."""
    with celery.connection_for_read() as connection:
        return QUEUE.bind(connection.default_channel).queue_declare(passive=True).message_count


def remove_queue():
    with celery.connection_for_write() as connection:
        QUEUE.bind(connection.default_channel).delete()
