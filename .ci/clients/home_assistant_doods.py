"""What pydoods sends for Home Assistant's doods, and how both read the reply: python3 home_assistant_doods.py BASE IMAGE"""
import base64
import json
import sys

import requests

base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = base64.b64encode(file.read()).decode()

detectors = requests.get(f"{base}/doods/detectors", headers={"doods-auth-key": "none"}, timeout=90).json()["detectors"]
detector = next(each for each in detectors if each["name"] == "default")
assert "person" in detector["labels"] and detector["width"] == detector["height"] == 0

body = {"data": image, "detector_name": detector["name"], "detect": {"*": 0.0}, "id": ""}
response = requests.post(f"{base}/doods/detect", json=body, headers={"doods-auth-key": "none"}, timeout=90)
response.raise_for_status()
reply = response.json()
assert "error" not in reply
for each in reply["detections"]:
    assert each["top"] >= 0 and each["left"] >= 0 and each["bottom"] <= 1 and each["right"] <= 1
    assert 0 < float(each["confidence"]) <= 100
print(json.dumps([each["label"] for each in reply["detections"]]))
