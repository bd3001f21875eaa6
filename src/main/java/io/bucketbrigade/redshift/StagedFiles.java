package io.bucketbrigade.redshift;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.storage.StoreProblem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files in a bucket that COPY reads once: compressed lines, each a JSON object. COPY reads all keys that begin with the one it is given, so no
 * name is the beginning of another. Each method throws a {@link io.bucketbrigade.problems.Problem} if S3 refuses or can't be reached.
 */
public final class StagedFiles {
    private static final String BEGINNING = "brigade-";
    private static final String ENDING = ".json.gz";
    static final Pattern NAME = Pattern.compile("brigade-[0-9a-f-]{36}\\.json\\.gz");

    private final S3Client client;
    private final BucketName place;

    StagedFiles(S3Client client, String place) {
        this.client = client;
        this.place = BucketName.parse(place);
    }

    /**
     * Stages a file.
     *
     * @return where, as COPY is given it
     */
    public String put(byte[] bytes) {
        String key = place.key(BEGINNING + UUID.randomUUID() + ENDING);
        try {
            client.putObject(
                    request -> request.bucket(place.bucket()).key(key).contentType("application/gzip"),
                    RequestBody.fromBytes(bytes));
        } catch (SdkException failed) {
            throw StoreProblem.of(failed, place.bucket(), key);
        }
        return BucketName.SCHEME + place.bucket() + "/" + key;
    }

    /** Removes a file, if it is there. */
    public void remove(String file) {
        delete(file.substring((BucketName.SCHEME + place.bucket() + "/").length()));
    }

    private void delete(String key) {
        try {
            client.deleteObject(request -> request.bucket(place.bucket()).key(key));
        } catch (SdkException failed) {
            throw StoreProblem.of(failed, place.bucket(), key);
        }
    }

    /** Tries whether files can be staged, and leaves none. */
    public void check() {
        remove(put(new byte[0]));
    }

    /** Removes what processes that were killed have left, and nothing else that is in the bucket. */
    public void removeBefore(Instant time) {
        List<String> left;
        String prefix = place.key(BEGINNING);
        try {
            left =
                    client
                            .listObjectsV2Paginator(
                                    request -> request.bucket(place.bucket()).prefix(prefix))
                            .contents()
                            .stream()
                            .filter(object -> object.lastModified().isBefore(time))
                            .map(S3Object::key)
                            .filter(key -> NAME.matcher(key.substring(prefix.length() - BEGINNING.length()))
                                    .matches())
                            .toList();
        } catch (SdkException failed) {
            throw StoreProblem.of(failed, place.bucket(), prefix);
        }
        left.forEach(this::delete);
    }
}
