package io.bucketbrigade.notifications;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** The kind of the setting that names a topic of SNS. */
public final class TopicArn implements SettingKind {
    @Override
    public String wanted() {
        return "the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:runs";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.matches("arn:[^:\\s]+:sns:[^:\\s]+:\\d{12}:\\S+")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }
}
