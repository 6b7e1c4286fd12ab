"""What Roboflow's inference_sdk sends, version 1 and 0, and how it reads the replies: python3 roboflow.py BASE IMAGE"""
import base64
import json
import sys

import requests

JSON = {"Content-Type": "application/json"}
MODEL = "coco/3"
base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = base64.b64encode(file.read()).decode("utf-8")


def registered(response):
    response.raise_for_status()
    return [model for model in response.json()["models"] if model["model_id"] == MODEL]


def labels(response):
    response.raise_for_status()
    for prediction in response.json()["predictions"]:
        assert all(isinstance(prediction[key], (int, float)) for key in ("x", "y", "width", "height", "confidence"))
    return [prediction["class"] for prediction in response.json()["predictions"]]


[model] = registered(requests.get(f"{base}/roboflow/model/registry", params={"api_key": None}))
assert model["task_type"] == "object-detection" and model["input_height"] and model["input_width"]
assert registered(requests.post(f"{base}/roboflow/model/add", json={"model_id": MODEL, "api_key": None}, headers=JSON))
payload = {"api_key": None, "model_id": MODEL, "visualize_predictions": False, "disable_active_learning": False}
payload["image"] = {"type": "base64", "value": image}
found = labels(requests.post(f"{base}/roboflow/infer/object_detection", json=payload, headers=JSON))
legacy = {"api_key": None, "confidence": 0.5, "format": "json", "overlap": 0.5}
assert found == labels(requests.post(f"{base}/roboflow/{MODEL}", headers=JSON, params=legacy, data=image))
print(json.dumps(found))
