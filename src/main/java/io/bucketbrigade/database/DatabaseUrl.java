package io.bucketbrigade.database;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;

/** The kind of the setting that holds the address of a database. Its messages repeat nothing of the address. */
public final class DatabaseUrl implements SettingKind {
    @Override
    public String wanted() {
        return "postgresql://user:password@host:port/database";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        DatabaseAddress.parse(value, "", "");
    }

    @Override
    public boolean isSecret() {
        return true;
    }
}
