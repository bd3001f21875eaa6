package io.bucketbrigade.redshift;

import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** A setting that says as which role Redshift reads staged files: its default role, or the ARN of another. */
public final class CopyRole implements SettingKind {
    private static final String DEFAULT = "default";

    @Override
    public String wanted() {
        return "default, or the ARN of a role, such as arn:aws:iam::123456789012:role/redshift";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.equals(DEFAULT) && !value.matches("arn:[a-z-]+:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}")) {
            throw Values.wrong(name, value, wanted(), null);
        }
    }

    /** The role as COPY writes it. */
    public static String sql(String role) {
        return role.equals(DEFAULT) ? DEFAULT : RedshiftSql.quoted(role);
    }
}
