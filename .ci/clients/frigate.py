"""What Frigate's deepstack detector sends, and how it reads the reply: python3 frigate.py BASE IMAGE"""
import json
import sys

import requests

base, path = sys.argv[1:]
size = 700
with open(path, "rb") as file:
    image = file.read()

# Frigate's own timeout is 0.1 s; a busy machine is not what is tested here.
reply = requests.post(f"{base}/v1/vision/detection", data={"api_key": ""}, files={"image": image}, timeout=10).json()
rows = [None] * 20
labels = []
for index, found in enumerate(reply["predictions"]):
    if found["confidence"] < 0.4:
        break
    rows[index] = [found[key] / size for key in ("y_min", "x_min", "y_max", "x_max")]
    assert all(0 <= side <= 1 for side in rows[index])
    labels.append(found["label"])
print(json.dumps(labels))
