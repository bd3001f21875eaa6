package io.bucketbrigade.dynamodb;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** A setting that names a table of DynamoDB. */
public final class TableName implements SettingKind {
    @Override
    public String wanted() {
        return "the name of a DynamoDB table: 3 to 255 of the characters a-z, A-Z, 0-9, _ . and -";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.matches("[a-zA-Z0-9_.-]{3,255}")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }
}
