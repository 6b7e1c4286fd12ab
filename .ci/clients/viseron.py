"""What Viseron's codeprojectai component sends, and how it reads the reply: python3 viseron.py BASE IMAGE"""
import json
import sys

import requests

KEYS = ("label", "confidence", "x_min", "y_min", "x_max", "y_max")
base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = file.read()


def detect(route):
    response = requests.post(f"{base}/v1/vision/{route}", data={"min_confidence": 0.45}, files={"image": image}, timeout=10)
    if response.status_code != 200:
        raise SystemExit(f"status {response.status_code}")
    return [{key: each[key] for key in KEYS} for each in response.json()["predictions"]]


found = detect("detection")
assert found == detect("custom/nanodet-m-416")
print(json.dumps([each["label"] for each in found]))
