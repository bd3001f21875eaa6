package io.bucketbrigade.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.aws.Reasons;
import io.bucketbrigade.files.BucketName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A staged object is an upload in parts that is not completed yet. S3 shows nothing of it, so nothing need ever be deleted: one
 * that is not wanted is aborted.
 */
final class BucketStaging implements Staging {
    private static final Logger LOG = LoggerFactory.getLogger(BucketStaging.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The metadata by which an object says which upload it came from. */
    private static final String MARK = "upload-id";

    private static final int NOT_FOUND = 404;

    private final Bucket bucket;
    private final BucketName name;
    private final ObjectStore store;

    BucketStaging(Bucket bucket, BucketName name, ObjectStore store) {
        this.bucket = bucket;
        this.name = name;
        this.store = store;
    }

    private record Part(
            int number, String entityTag, @Nullable String checksum) {
        static Part of(CompletedPart part) {
            return new Part(part.partNumber(), part.eTag(), part.checksumCRC32());
        }

        CompletedPart completed() {
            return CompletedPart.builder()
                    .partNumber(number)
                    .eTag(entityTag)
                    .checksumCRC32(checksum)
                    .build();
        }
    }

    private record Ticket(String upload, String mark, List<Part> parts) {
        static Ticket parse(String ticket) throws IOException {
            return JSON.readValue(ticket, Ticket.class);
        }

        String text() throws IOException {
            return JSON.writeValueAsString(this);
        }

        List<CompletedPart> completed() {
            return parts.stream().map(Part::completed).toList();
        }
    }

    @Override
    public String begin(String file, String mark) throws IOException {
        Object upload = step(
                file, s3 -> MultipartWrite.begin(s3, name.bucket(), name.key(file), "text/csv", Map.of(MARK, mark)));
        return new Ticket(String.valueOf(upload), mark, List.of()).text();
    }

    @Override
    public String receive(String file, String ticket, InputStream bytes) throws IOException {
        Ticket begun = Ticket.parse(ticket);
        List<?> parts = (List<?>) step(
                file,
                s3 -> MultipartWrite.writeArrivingParts(s3, name.bucket(), name.key(file), begun.upload(), bytes));
        List<Part> whole =
                parts.stream().map(CompletedPart.class::cast).map(Part::of).toList();
        return new Ticket(begun.upload(), begun.mark(), whole).text();
    }

    @Override
    public Whereabouts find(String file, String ticket) throws IOException {
        Ticket staged = Ticket.parse(ticket);
        return (Whereabouts) step(file, s3 -> {
            if (hasParts(s3, file, staged)) {
                return Whereabouts.STAGED;
            }
            return inPlace(s3, file, staged).isPresent() ? Whereabouts.IN_PLACE : Whereabouts.GONE;
        });
    }

    /** Who may not list the parts finds out by completing them. */
    private boolean hasParts(S3Client s3, String file, Ticket staged) {
        try {
            return !s3.listParts(request -> request.bucket(name.bucket())
                            .key(name.key(file))
                            .uploadId(staged.upload())
                            .maxParts(1))
                    .parts()
                    .isEmpty();
        } catch (S3Exception refused) {
            LOG.debug("The parts of {} can't be listed: {}", file, refused.getMessage());
            return !isGone(refused);
        }
    }

    @Override
    public Optional<Identity> publish(String file, String ticket) throws IOException {
        Ticket staged = Ticket.parse(ticket);
        Optional<?> entityTag = (Optional<?>) step(file, s3 -> complete(s3, file, staged));
        return entityTag.map(String::valueOf).map(tag -> version(file, tag));
    }

    /** The version as it is listed; where another one took its place already, no run will ever read this one. */
    private Identity version(String file, String entityTag) {
        return bucket.find(file)
                .filter(there -> plain(there.entityTag()).equals(plain(entityTag)))
                .orElseGet(() -> new Identity(bucket.name(), file, 0, Instant.EPOCH, entityTag));
    }

    private static String plain(String entityTag) {
        return entityTag.replace("\"", "");
    }

    /** The object's ETag; empty if the parts are gone and another object is in place. */
    private Optional<String> complete(S3Client s3, String file, Ticket staged) {
        try {
            return Optional.of(
                    MultipartWrite.complete(s3, name.bucket(), name.key(file), staged.upload(), staged.completed()));
        } catch (S3Exception refused) {
            if (isGone(refused)) {
                return inPlace(s3, file, staged);
            }
            throw refused;
        }
    }

    /** An earlier attempt may have completed it; the object's metadata shows it. */
    private Optional<String> inPlace(S3Client s3, String file, Ticket staged) {
        try {
            HeadObjectResponse head =
                    s3.headObject(request -> request.bucket(name.bucket()).key(name.key(file)));
            return staged.mark().equals(head.metadata().get(MARK)) ? Optional.of(head.eTag()) : Optional.empty();
        } catch (S3Exception refused) {
            if (refused.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static boolean isGone(S3Exception refused) {
        return Reasons.code(refused).equals("NoSuchUpload");
    }

    @Override
    public void discard(String file, String ticket) throws IOException {
        String upload = Ticket.parse(ticket).upload();
        step(file, s3 -> {
            try {
                s3.abortMultipartUpload(request ->
                        request.bucket(name.bucket()).key(name.key(file)).uploadId(upload));
            } catch (S3Exception refused) {
                if (!isGone(refused)) {
                    throw refused;
                }
            }
            return file;
        });
    }

    private Object step(String file, MultipartWrite.Step step) {
        return store.multipart(name.bucket(), name.key(file), step);
    }
}
