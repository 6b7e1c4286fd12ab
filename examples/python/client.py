"""python3 client.py photo.jpg [http://localhost:8080]: prints what is in a photo."""
import os
import sys
import time

import requests

PHOTO = sys.argv[1]
SERVER = sys.argv[2] if len(sys.argv) > 2 else "http://localhost:8080"
KEY = os.environ.get("API_KEY")  # one of the server's API_KEYS, if it has any


def detect(image, retries=3, **parameters):
    """Finds the objects in an image file. Retries while the server is overloaded."""
    headers = {"authorization": f"Bearer {KEY}"} if KEY else {}
    reply = requests.post(f"{SERVER}/detect", params=parameters, data=image, headers=headers, timeout=30)
    if reply.status_code == 503 and retries > 0:
        time.sleep(int(reply.headers.get("retry-after", 1)))
        return detect(image, retries - 1, **parameters)
    if not reply.ok:
        error = reply.json()
        sys.exit(f"{error['code']}: {error['message']}")
    return reply.json()["detections"]


with open(PHOTO, "rb") as file:
    for found in detect(file.read(), score_threshold=0.4):
        box = found["box"]
        print(f"{found['label']} {found['score']:.2f} at {box['x1']:.0f},{box['y1']:.0f} to {box['x2']:.0f},{box['y2']:.0f}")
