package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.dynamodb.DynamoTables;
import io.bucketbrigade.dynamodb.StoreKind;
import io.bucketbrigade.redshift.RedshiftAddress;
import io.bucketbrigade.redshift.RedshiftDatabases;
import io.bucketbrigade.redshift.WarehouseKind;
import io.bucketbrigade.settings.Settings;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Checks of what is at AWS beside buckets. */
final class AwsChecks {
    private final Checkup checkup;
    private final Settings settings;
    private final Set<String> wrong;
    private final AwsClients aws;

    /** @param wrong the settings that can't be used */
    AwsChecks(Checkup checkup, Settings settings, Set<String> wrong, AwsClients aws) {
        this.checkup = checkup;
        this.settings = settings;
        this.wrong = wrong;
        this.aws = aws;
    }

    /** Those of DynamoDB in which something is kept. */
    void tables() {
        StoreKind.used(settings).filter(key -> !settings.dependsOn(key, wrong)).forEach(key -> {
            String tableSetting = StoreKind.table(key);
            if (checkup.areRight("aws.", tableSetting)) {
                checkup.check(Settings.variable(key), "", () -> table(key, settings.text(tableSetting)));
            }
        });
    }

    private Finding table(String key, String name) {
        String what = Settings.variable(key) + " (the DynamoDB table " + name + ")";
        return Finding.ok(
                new DynamoTables(aws::dynamoDb).named(name).exists()
                        ? what + " exists"
                        : what + " does not exist yet; the service creates it, if the credentials allow it");
    }

    /** Those in Redshift, with the buckets where rows wait for them. */
    void warehouses() {
        RedshiftDatabases databases = new RedshiftDatabases(aws::redshiftData, aws::s3);
        WarehouseKind.used(settings)
                .filter(key -> !settings.dependsOn(key, wrong) && checkup.areRight("aws.", WarehouseKind.of(key, "")))
                .forEach(key -> {
                    RedshiftAddress address = WarehouseKind.address(key, settings);
                    checkup.check(Settings.variable(key), "", () -> {
                        databases.at(address).check();
                        return Finding.ok(Settings.variable(key) + ": " + address + " answers");
                    });
                    String staging = WarehouseKind.of(key, "staging");
                    String place = settings.text(staging);
                    checkup.check(
                            Settings.variable(staging),
                            "Check the bucket's name and region, and the rights in deploy/iam/redshift-warehouse.json.",
                            () -> {
                                databases.stagedIn(place).check();
                                return Finding.ok(Settings.variable(staging) + " (" + place
                                        + ") can be written, and files there be deleted");
                            });
                });
    }

    /** The queue of events. */
    Finding queue() {
        String url = settings.text("brigade.events.queue");
        String waiting = aws.sqs()
                .getQueueAttributes(GetQueueAttributesRequest.builder()
                        .queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                        .build())
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
        return Finding.ok("BRIGADE_EVENTS_QUEUE answers; " + Counted.of(Long.parseLong(waiting), "message") + " in it");
    }

    /** The topic of notifications. */
    Finding topic() {
        String topic = settings.text("brigade.sns.topic");
        aws.sns().getTopicAttributes(request -> request.topicArn(topic));
        return Finding.ok("BRIGADE_SNS_TOPIC (" + topic + ") exists");
    }
}
