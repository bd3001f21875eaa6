package io.bucketbrigade.storage;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.language.simple.Simple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Puts a large object in parts, which nobody sees before the last step. It is not left to camel-aws2-s3 4.17.0, whose
 * multipart upload omits the metadata, and can't send a part again, because it reads the file as one stream that
 * can't be wound back.
 */
public final class MultipartWrite {
    private static final Logger LOG = LoggerFactory.getLogger(MultipartWrite.class);
    /** The header with what is done before the last step of a file. */
    static final String LAST_CHECK = "lastCheck";
    /** S3 takes no more than 10 000 parts, none below 5 MiB but the last. */
    private static final int MOST_PARTS = 9_000;

    private static final int PART = 8 * 1024 * 1024;
    private static final int ARRIVING_PART = 2 * PART;

    /**
     * Puts a file.
     *
     * @throws SdkException if S3 refuses or can't be reached; the old object stays
     * @throws IOException if the file can't be read; the old object stays
     */
    public void write(
            @Simple("${ref:s3}") S3Client s3,
            @Variable("bucket") String bucket,
            @Header(AWS2S3Constants.KEY) String key,
            @Header(AWS2S3Constants.CONTENT_TYPE) String contentType,
            @Header(AWS2S3Constants.METADATA) Map<String, String> metadata,
            @Header(LAST_CHECK) Runnable lastCheck,
            @Body File file)
            throws IOException {
        try (InputStream bytes = new FileInputStream(file)) {
            int part = (int) Math.max(PART, file.length() / MOST_PARTS);
            write(s3, bucket, key, contentType, metadata, bytes, part, lastCheck);
        }
    }

    /**
     * Puts what arrives, of a length that nobody knows yet, up to some 140 GB.
     *
     * @throws SdkException if S3 refuses or can't be reached; the old object stays
     * @throws IOException if what arrives can't be read; the old object stays
     */
    public void writeArriving(
            @Simple("${ref:s3}") S3Client s3,
            @Variable("bucket") String bucket,
            @Header(AWS2S3Constants.KEY) String key,
            @Header(AWS2S3Constants.CONTENT_TYPE) String contentType,
            @Header(AWS2S3Constants.METADATA) Map<String, String> metadata,
            @Body InputStream bytes)
            throws IOException {
        write(s3, bucket, key, contentType, metadata, bytes, ARRIVING_PART, () -> {});
    }

    private static void write(
            S3Client s3,
            String bucket,
            String key,
            String contentType,
            Map<String, String> metadata,
            InputStream bytes,
            int part,
            Runnable lastCheck)
            throws IOException {
        String upload = begin(s3, bucket, key, contentType, metadata);
        try {
            List<CompletedPart> parts = writeParts(s3, bucket, key, upload, bytes, part);
            lastCheck.run();
            complete(s3, bucket, key, upload, parts);
        } catch (RuntimeException | IOException e) {
            giveUp(s3, bucket, key, upload);
            throw e;
        }
    }

    /** One step of an upload in parts whose steps are far apart in time. */
    @FunctionalInterface
    interface Step {
        Object take(S3Client s3) throws IOException;
    }

    /**
     * Takes a step.
     *
     * @return what the step returns
     * @throws SdkException if S3 refuses or can't be reached
     * @throws IOException if what arrives can't be read
     */
    public Object take(@Simple("${ref:s3}") S3Client s3, @Body Step step) throws IOException {
        return step.take(s3);
    }

    static String begin(S3Client s3, String bucket, String key, String contentType, Map<String, String> metadata) {
        return s3.createMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .contentType(contentType)
                        .metadata(metadata)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
    }

    /** Sends all parts of what arrives. */
    static List<CompletedPart> writeArrivingParts(
            S3Client s3, String bucket, String key, String upload, InputStream bytes) throws IOException {
        return writeParts(s3, bucket, key, upload, bytes, ARRIVING_PART);
    }

    /** The object is seen from now on. */
    static String complete(S3Client s3, String bucket, String key, String upload, List<CompletedPart> parts) {
        return s3.completeMultipartUpload(request ->
                        request.bucket(bucket).key(key).uploadId(upload).multipartUpload(whole -> whole.parts(parts)))
                .eTag();
    }

    private static List<CompletedPart> writeParts(
            S3Client s3, String bucket, String key, String upload, InputStream bytes, int size) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        for (byte[] part = bytes.readNBytes(size); part.length > 0; part = bytes.readNBytes(size)) {
            int number = parts.size() + 1;
            byte[] sent = part;
            UploadPartResponse answer = s3.uploadPart(
                    request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(upload)
                            .partNumber(number)
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                    RequestBody.fromBytes(sent));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .checksumCRC32(answer.checksumCRC32())
                    .build());
        }
        return parts;
    }

    private static void giveUp(S3Client s3, String bucket, String key, String upload) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn(
                    "The parts of {}/{} already sent could not be removed ({}); a lifecycle rule of the bucket can do that.",
                    bucket,
                    key,
                    e.getMessage());
        }
    }
}
