package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** The setting that says where the warehouse is; Redshift needs further ones. */
public final class WarehouseKind implements SettingKind {
    @Override
    public String wanted() {
        return "postgresql or redshift";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (value.equals("postgresql")) {
            return;
        }
        if (!value.equals("redshift")) {
            throw Values.wrong(name, value, wanted(), null);
        }
        if (settings.text("transactions.redshift.staging").isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "'redshift' needs a bucket in which rows wait to be loaded. Set TRANSACTIONS_REDSHIFT_STAGING, such as"
                            + " s3://sales/staging.");
        }
        if (settings.text("transactions.redshift.workgroup").isEmpty()
                == settings.text("transactions.redshift.cluster").isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "'redshift' needs the name of a workgroup or of a cluster, not both. Set"
                            + " TRANSACTIONS_REDSHIFT_WORKGROUP or TRANSACTIONS_REDSHIFT_CLUSTER.");
        }
    }
}
