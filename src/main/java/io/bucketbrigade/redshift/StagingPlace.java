package io.bucketbrigade.redshift;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;

/** A setting that says where files are staged for Redshift, which reads buckets only. */
public final class StagingPlace implements SettingKind {
    @Override
    public String wanted() {
        return "a bucket, written s3://bucket/prefix";
    }

    @Override
    public void check(String name, String value, Settings settings) {
        if (!BucketName.isMeant(value) || value.matches(".*[\\\\'*?\\p{Cntrl}].*")) {
            throw Values.wrong(name, value, wanted(), null);
        }
        BucketName.parse(value);
    }
}
