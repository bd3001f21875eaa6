package io.bucketbrigade.redshift;

import java.util.function.Supplier;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The databases of Redshift. The clients are made when a database is first used, so that nobody without one waits for them. */
public final class RedshiftDatabases {
    private final Supplier<RedshiftDataClient> data;
    private final Supplier<S3Client> s3;

    public RedshiftDatabases(Supplier<RedshiftDataClient> data, Supplier<S3Client> s3) {
        this.data = data;
        this.s3 = s3;
    }

    /**
     * A database, whether it exists or not.
     *
     * @throws io.bucketbrigade.problems.Problem if region or endpoint are wrong
     */
    public RedshiftDatabase at(RedshiftAddress address) {
        return new RedshiftDatabase(data.get(), address);
    }

    /**
     * The files that are staged in a bucket.
     *
     * @param place {@code s3://bucket/prefix}
     * @throws io.bucketbrigade.problems.Problem if region or endpoint are wrong, or the place can't be one
     */
    public StagedFiles stagedIn(String place) {
        return new StagedFiles(s3.get(), place);
    }
}
