package io.bucketbrigade.redshift;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** A setting that names a schema of Redshift, which need not be quoted in SQL. */
public final class SchemaName implements SettingKind {
    @Override
    public String wanted() {
        return "the name of a schema: a lowercase letter, and at most 126 lowercase letters, digits and _";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.matches("[a-z][a-z0-9_]{0,126}")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }
}
