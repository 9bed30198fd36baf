"""Reads an AWS account with boto3: every action of the read-only policy, complete over pages.

stdin:  {url, region, accessKeyId, secretAccessKey, roleArn, externalId, until}
stdout: one JSON object, by action; what was refused is {"refused": code}.
"""

import datetime
import json
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

asked = json.load(sys.stdin)
keys = (asked['accessKeyId'], asked['secretAccessKey'])
session = boto3.Session(*keys, region_name=asked['region'])
config = Config(retries={'max_attempts': 1}, s3={'addressing_style': 'path'})


def client(service, region=asked['region']):
    return session.client(service, endpoint_url=asked['url'], config=config, region_name=region)


sts, ec2, ecs, s3, cloudwatch = (client(name) for name in ('sts', 'ec2', 'ecs', 's3', 'cloudwatch'))


def plain(value):
    """Instants as JavaScript writes them, and nothing of how the answer came."""
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.timezone.utc)
        return utc.strftime('%Y-%m-%dT%H:%M:%S.') + '%03dZ' % (utc.microsecond // 1000)
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items() if name != 'ResponseMetadata'}
    return [plain(part) for part in value] if isinstance(value, list) else value


def one(call, **parameters):
    try:
        return plain(call(**parameters))
    except ClientError as error:
        return {'refused': error.response['Error']['Code']}


def every(service, operation, member, page=None, **parameters):
    """All of a list, page after page."""
    size = {} if page is None else {'PaginationConfig': {'PageSize': page}}
    pages = service.get_paginator(operation).paginate(**size, **parameters)
    return plain([item for answer in pages for item in answer[member]])


def raw(service, method, query, body='', headers=None, auth=SigV4Auth):
    """What this boto3 is too old to know is signed and sent by hand."""
    request = AWSRequest(method, f"{asked['url']}/{query}", headers or {}, body)
    auth(Credentials(*keys), service, asked['region']).add_auth(request)
    sent = urllib.request.Request(request.url, body.encode() or None, dict(request.headers), method=method)
    return ElementTree.fromstring(urllib.request.urlopen(sent).read())


def local(element):
    return element.tag.split('}')[-1]


def tens(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]


def read_sts():
    role = sts.assume_role(RoleArn=asked['roleArn'], RoleSessionName='boto', ExternalId=asked['externalId'])
    temporary = role['Credentials']
    as_role = boto3.client(
        'sts',
        endpoint_url=asked['url'],
        region_name=asked['region'],
        aws_access_key_id=temporary['AccessKeyId'],
        aws_secret_access_key=temporary['SecretAccessKey'],
        aws_session_token=temporary['SessionToken'],
    )
    return {
        'GetCallerIdentity': one(sts.get_caller_identity),
        'AssumeRole': one(as_role.get_caller_identity)['Arn'],
    }


def read_ec2():
    body = urllib.parse.urlencode({'Action': 'GetSnapshotBlockPublicAccessState', 'Version': '2016-11-15'})
    form = {'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'}
    sharing = {local(part): part.text for part in raw('ec2', 'POST', '', body, form)}
    lists = every(ec2, 'describe_managed_prefix_lists', 'PrefixLists')
    entries = {
        one['PrefixListId']: every(ec2, 'get_managed_prefix_list_entries', 'Entries', PrefixListId=one['PrefixListId'])
        for one in lists
    }
    return {
        'DescribeRegions': one(ec2.describe_regions)['Regions'],
        'DescribeVolumes': every(ec2, 'describe_volumes', 'Volumes', 500),
        'DescribeVolumeStatus': every(ec2, 'describe_volume_status', 'VolumeStatuses', 500),
        'DescribeSnapshots': every(ec2, 'describe_snapshots', 'Snapshots', 5, OwnerIds=['self']),
        'PublicSnapshots': every(
            ec2, 'describe_snapshots', 'Snapshots', OwnerIds=['self'], RestorableByUserIds=['all']
        ),
        'GetEbsEncryptionByDefault': one(ec2.get_ebs_encryption_by_default),
        'GetSnapshotBlockPublicAccessState': sharing['state'],
        'DescribeVpcs': every(ec2, 'describe_vpcs', 'Vpcs'),
        'DescribeSubnets': every(ec2, 'describe_subnets', 'Subnets', 5),
        'DescribeSecurityGroups': every(ec2, 'describe_security_groups', 'SecurityGroups', 5),
        'DescribeNetworkAcls': every(ec2, 'describe_network_acls', 'NetworkAcls'),
        'DescribeRouteTables': every(ec2, 'describe_route_tables', 'RouteTables'),
        'DescribeFlowLogs': every(ec2, 'describe_flow_logs', 'FlowLogs', 1),
        'DescribeNetworkInterfaces': every(ec2, 'describe_network_interfaces', 'NetworkInterfaces', 5),
        'DescribeManagedPrefixLists': lists,
        'GetManagedPrefixListEntries': entries,
    }


def read_cluster(cluster):
    """What belongs to a cluster, described as many at once as AWS allows."""

    def described(listing, arns, describe, word, most, **more):
        found = every(ecs, listing, arns, cluster=cluster)
        answers = [describe(cluster=cluster, **{word: some}, **more)[word] for some in tens(found, most)]
        return plain([item for answer in answers for item in answer])

    instances = 'containerInstances'
    return {
        'services': described('list_services', 'serviceArns', ecs.describe_services, 'services', 10, include=['TAGS']),
        'tasks': described('list_tasks', 'taskArns', ecs.describe_tasks, 'tasks', 100),
        instances: described(
            'list_container_instances', 'containerInstanceArns', ecs.describe_container_instances, instances, 100
        ),
    }


def read_ecs():
    clusters = every(ecs, 'list_clusters', 'clusterArns', 1)
    include = ['SETTINGS', 'CONFIGURATIONS', 'TAGS']
    families = every(ecs, 'list_task_definition_families', 'families', 2, status='ACTIVE')
    return {
        'DescribeClusters': one(ecs.describe_clusters, clusters=clusters, include=include)['clusters'],
        'clusters': {arn: read_cluster(arn) for arn in clusters},
        'DescribeTaskDefinition': [
            one(ecs.describe_task_definition, taskDefinition=family)['taskDefinition'] for family in families
        ],
    }


def read_bucket(name, region):
    bucket = {'Bucket': name}
    own = client('s3', region)
    return {
        'GetBucketLocation': one(own.get_bucket_location, **bucket),
        'HeadBucket': one(own.head_bucket, **bucket),
        'GetPublicAccessBlock': one(own.get_public_access_block, **bucket),
        'GetBucketPolicy': one(own.get_bucket_policy, **bucket),
        'GetBucketPolicyStatus': one(own.get_bucket_policy_status, **bucket),
        'GetBucketAcl': one(own.get_bucket_acl, **bucket),
        'GetBucketOwnershipControls': one(own.get_bucket_ownership_controls, **bucket),
        'GetBucketVersioning': one(own.get_bucket_versioning, **bucket),
        'GetBucketEncryption': one(own.get_bucket_encryption, **bucket),
        'GetBucketLifecycleConfiguration': one(own.get_bucket_lifecycle_configuration, **bucket),
        'GetBucketLogging': one(own.get_bucket_logging, **bucket),
    }


def all_buckets():
    """In pages, where S3 tells each bucket's region."""
    found, token = [], ''
    while True:
        more = '' if token == '' else '&' + urllib.parse.urlencode({'continuation-token': token})
        page = raw('s3', 'GET', f'?max-buckets=4{more}', auth=S3SigV4Auth)
        for bucket in page.iter():
            if local(bucket) == 'Bucket':
                found.append({local(part): part.text for part in bucket})
        token = next((part.text for part in page if local(part) == 'ContinuationToken'), None)
        if token is None:
            return found


def read_s3():
    buckets = all_buckets()
    account = sts.get_caller_identity()['Account']
    path = 'v20180820/configuration/publicAccessBlock'
    block = raw('s3', 'GET', path, headers={'x-amz-account-id': account}, auth=S3SigV4Auth)
    return {
        'ListBuckets': one(s3.list_buckets)['Buckets'],
        'paged': buckets,
        'buckets': {one['Name']: read_bucket(one['Name'], one['BucketRegion']) for one in buckets},
        'accountBlock': {local(part): part.text for part in block},
    }


def read_cloudwatch():
    metrics = every(cloudwatch, 'list_metrics', 'Metrics', Namespace='AWS/S3')
    until = datetime.datetime.fromtimestamp(asked['until'] / 1000, datetime.timezone.utc)
    queries = [
        {'Id': f'q{index}', 'MetricStat': {'Metric': metric, 'Period': 86400, 'Stat': 'Average'}}
        for index, metric in enumerate(metrics)
    ]
    since = until - datetime.timedelta(days=3)
    results = every(
        cloudwatch,
        'get_metric_data',
        'MetricDataResults',
        MetricDataQueries=queries,
        StartTime=since,
        EndTime=until,
        ScanBy='TimestampAscending',
    )
    return {'ListMetrics': metrics, 'GetMetricData': results}


def refused():
    """What boto3 makes of each service's denial."""
    return {
        'sts': one(sts.get_caller_identity),
        'ec2': one(ec2.describe_vpcs),
        'ecs': one(ecs.list_clusters),
        's3': one(s3.list_buckets),
        'cloudwatch': one(cloudwatch.list_metrics),
    }


if asked.get('refused'):
    told = refused()
else:
    told = {'sts': read_sts(), 'ec2': read_ec2(), 'ecs': read_ecs(), 's3': read_s3(), 'cloudwatch': read_cloudwatch()}
json.dump(told, sys.stdout)
