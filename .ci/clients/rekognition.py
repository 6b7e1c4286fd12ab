"""DetectLabels by boto3, read as HASS-amazon-rekognition reads it: python3 rekognition.py BASE IMAGE"""
import json
import sys

import boto3

base, path = sys.argv[1:]
with open(path, "rb") as file:
    image = file.read()
keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
client = boto3.client("rekognition", endpoint_url=f"{base}/aws", region_name="us-east-1", **keys)
try:
    client.detect_labels(Image={"Bytes": b"not an image"})
    raise SystemExit("text was taken for an image")
except client.exceptions.InvalidImageFormatException:
    pass
found = []
for label in client.detect_labels(Image={"Bytes": image}, MaxLabels=15, MinConfidence=55)["Labels"]:
    for instance in label["Instances"]:
        box = instance["BoundingBox"]
        assert 0 <= box["Left"] <= box["Left"] + box["Width"] <= 1
        assert 0 <= box["Top"] <= box["Top"] + box["Height"] <= 1
        assert 55 < instance["Confidence"] <= 100
        found.append(label["Name"].lower())
print(json.dumps(found))
