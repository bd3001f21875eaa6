package io.bucketbrigade.redshift;

/**
 * A database of Redshift, and as whom it is used: by a secret, or else by the IAM identity of the caller.
 *
 * @param workgroup the workgroup of Redshift Serverless; blank if it is in a cluster
 * @param cluster the cluster; blank if it is in a workgroup
 * @param user the database user of a cluster; blank if it is that of the IAM identity
 * @param secret the ARN of a secret of Secrets Manager with user and password; blank if there is none
 */
public record RedshiftAddress(String database, String workgroup, String cluster, String user, String secret) {
    /** The database as people know it. */
    @Override
    public String toString() {
        return "the Redshift database " + database
                + (workgroup.isEmpty() ? " of the cluster " + cluster : " of the workgroup " + workgroup);
    }
}
