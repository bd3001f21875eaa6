"""Creates a stack of a template in moto, which imitates AWS in this process, and prints what exists then as JSON.

create.py TEMPLATE NAME=VALUE ...    CertificateArn=new makes a certificate first.
"""

import json
import logging
import os
import sys
import warnings

import boto3
from moto import mock_aws

REGION = "eu-central-1"
STACK = "brigade"
# Attributes that moto does not know, or can't read with two dots.
UNKNOWN = {
    "Database.MasterUserSecret.SecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds-db-made-by-rds",
    "Database.Endpoint.Address": "database.example.com",
    "Database.Endpoint.Port": "5432",
}


def client(service):
    return boto3.client(service, REGION)


def buckets(resources):
    s3 = client("s3")
    for resource in resources:
        if resource["ResourceType"] != "AWS::S3::Bucket":
            continue
        name = resource["PhysicalResourceId"]
        encryption = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
        yield {
            "logical": resource["LogicalResourceId"],
            "name": name,
            "encryption": encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        }


def created(template, values):
    text = template
    for attribute, value in UNKNOWN.items():
        text = text.replace("!GetAtt " + attribute, value).replace("${" + attribute + "}", value)
    formation = client("cloudformation")
    if values.get("CertificateArn") == "new":
        values["CertificateArn"] = client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    formation.create_stack(StackName=STACK, TemplateBody=text, Parameters=parameters, Capabilities=["CAPABILITY_IAM"])
    described = formation.describe_stack_resources(StackName=STACK)["StackResources"]
    resources = [resource for resource in described if "PhysicalResourceId" in resource]
    ids = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    made = {
        "status": formation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"],
        "types": sorted({resource["ResourceType"] for resource in resources}),
        "buckets": list(buckets(resources)),
    }
    if "Changes" in ids:
        events = client("events")
        rule = ids["Changes"].split("/")[-1]
        made["rule"] = json.loads(events.describe_rule(Name=rule)["EventPattern"])
        made["targets"] = events.list_targets_by_rule(Rule=rule)["Targets"]
    if "Function" in ids:
        made["function"] = client("lambda").get_function(FunctionName=ids["Function"])
    if "Service" in ids:
        made.update(service(ids))
    made["subscriptions"] = client("sns").list_subscriptions()["Subscriptions"]
    return made


def service(ids):
    services = client("ecs").describe_services(cluster=ids["Cluster"], services=[ids["Service"]])["services"]
    database = client("rds").describe_db_instances()["DBInstances"][0]
    queues = client("sqs")
    return {
        "queue": queues.get_queue_attributes(QueueUrl=ids["Events"], AttributeNames=["All"])["Attributes"],
        "database": {key: database[key] for key in ("PubliclyAccessible", "StorageEncrypted", "MasterUsername")},
        "task": client("ecs").describe_task_definition(taskDefinition=ids["Task"])["taskDefinition"],
        "desired": services[0]["desiredCount"],
    }


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none")
    with open(sys.argv[1], encoding="utf-8") as file:
        template = file.read()
    with mock_aws():
        json.dump(created(template, dict(value.split("=", 1) for value in sys.argv[2:])), sys.stdout, default=str)


main()
