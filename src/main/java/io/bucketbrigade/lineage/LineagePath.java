package io.bucketbrigade.lineage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;

/** The kind of the setting with the path of events, which follows the endpoint's address. */
public final class LineagePath implements SettingKind {
    @Override
    public String wanted() {
        return "a path such as api/v1/lineage";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.matches("(?:[\\w./~!$&'()*+,;=:@?-]|%[0-9A-Fa-f]{2})+")) {
            throw new Problem(Kind.USAGE, name + " must be " + wanted() + ", with special characters percent-encoded.");
        }
    }
}
