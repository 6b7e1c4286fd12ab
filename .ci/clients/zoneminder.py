"""What ZoneMinder's pyzm sends to its gateway, and how it reads the reply: python3 zoneminder.py BASE IMAGE"""
import json
import sys

import requests

base, path = sys.argv[1:]
gateway = f"{base}/zoneminder"
with open(path, "rb") as file:
    image = file.read()


def detect(zones):
    login = requests.post(f"{gateway}/login", json={"username": "admin", "password": "any"}, timeout=60)
    login.raise_for_status()
    response = requests.post(
        f"{gateway}/detect",
        files={"file": ("image.jpg", image, "image/jpeg")},
        data={"zones": json.dumps(zones)} if zones else {},
        headers={"Authorization": f"Bearer {login.json()['access_token']}"},
        timeout=60,
    )
    response.raise_for_status()
    reply = response.json()
    assert all(len(box) == 4 and all(isinstance(side, int) for side in box) for box in reply["boxes"] + reply["error_boxes"])
    assert len(reply["labels"]) == len(reply["boxes"]) == len(reply["confidences"]) == len(reply["model_names"])
    return reply


corner = {"name": "corner", "value": [[0, 0], [120, 0], [120, 120]], "pattern": "(person|car)", "ignore_pattern": None}
within = detect([corner])
assert within["labels"] == ["person"] and len(within["error_boxes"]) == 1, within
print(json.dumps(detect(None)["labels"]))
