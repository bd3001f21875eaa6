package io.bucketbrigade.notifications;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** The kind of the setting that says what the subject of a notification is. */
public final class SubjectTemplate implements SettingKind {
    @Override
    public String wanted() {
        return "a subject in which only {prefix}, {pipeline}, {outcome} and {run} are in braces";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (value.replaceAll("\\{(prefix|pipeline|outcome|run)}", "").matches(".*[{}].*")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }
}
