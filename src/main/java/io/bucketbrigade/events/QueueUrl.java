package io.bucketbrigade.events;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** The kind of the setting that names a queue of SQS. */
public final class QueueUrl implements SettingKind {
    @Override
    public String wanted() {
        return "the queue's URL, which aws sqs get-queue-url --queue-name NAME prints";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.matches("https?://[^/\\s]+/\\S+")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }
}
