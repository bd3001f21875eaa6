package io.bucketbrigade.kinesis;

import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import io.bucketbrigade.problems.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * Reads shards of a stream of Kinesis from positions that the caller keeps. A position is the sequence number of the last record that was read.
 * The name of a shard begins with the time at which the stream was made, so those of a stream that was deleted and made again are others.
 */
final class KinesisReader {
    /** A shard may be read five times a second, by all who read it. */
    private static final Duration BETWEEN_READS = Duration.ofMillis(250);

    private static final Duration AFTER_TOO_MANY = Duration.ofSeconds(1);
    private static final int MOST_RECORDS = 2000;

    private final String stream;
    private final KinesisClient client;
    private final KinesisReasons reasons;
    private final ExecutorService callers;
    private final Map<String, Cursor> cursors = new ConcurrentHashMap<>();

    KinesisReader(String stream, KinesisClient client, KinesisReasons reasons, ExecutorService callers) {
        this.stream = stream;
        this.client = client;
        this.reasons = reasons;
        this.callers = callers;
    }

    /**
     * Where reading a shard goes on.
     *
     * @param position the position it belongs to
     * @param iterator what Kinesis wants to see; null if a new one is needed
     * @param due when the shard may be read again
     */
    private record Cursor(String position, @Nullable String iterator, Instant due) {}

    /** What Kinesis says of the stream. */
    StreamDescriptionSummary describe() {
        try {
            return client.describeStreamSummary(asked -> asked.streamName(stream))
                    .streamDescriptionSummary();
        } catch (SdkException e) {
            throw reasons.of(e);
        }
    }

    private static String made(StreamDescriptionSummary described) {
        return described.streamCreationTimestamp().getEpochSecond() + "/";
    }

    List<Shard> shards() {
        String made = made(describe());
        List<Shard> shards = new ArrayList<>();
        try {
            ListShardsResponse page = client.listShards(asked -> asked.streamName(stream));
            add(page, made, shards);
            while (page.nextToken() != null) {
                String next = page.nextToken();
                page = client.listShards(asked -> asked.nextToken(next));
                add(page, made, shards);
            }
            return shards;
        } catch (SdkException e) {
            throw reasons.of(e);
        }
    }

    private static void add(ListShardsResponse page, String made, List<Shard> shards) {
        page.shards()
                .forEach(shard -> shards.add(new Shard(
                        made + shard.shardId(),
                        Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                                .filter(parent -> parent != null && !parent.isEmpty())
                                .map(parent -> made + parent)
                                .toList())));
    }

    List<ShardBatch> read(List<ShardPosition> from, Duration patience) {
        Instant now = Instant.now();
        List<ShardPosition> due =
                from.stream().filter(shard -> !due(shard).isAfter(now)).toList();
        if (due.isEmpty()) {
            Instant first = from.stream().map(this::due).min(Instant::compareTo).orElse(now);
            Duration until = Duration.between(now, first);
            pause(until.compareTo(patience) < 0 ? until : patience);
            return List.of();
        }
        List<CompletableFuture<@Nullable ShardBatch>> reads = due.stream()
                .map(shard -> CompletableFuture.<@Nullable ShardBatch>supplyAsync(() -> read(shard), callers))
                .toList();
        List<ShardBatch> batches = new ArrayList<>();
        for (CompletableFuture<@Nullable ShardBatch> read : reads) {
            try {
                ShardBatch batch = read.join();
                if (batch != null) {
                    batches.add(batch);
                }
            } catch (CompletionException e) {
                if (e.getCause() instanceof Problem problem) {
                    throw problem;
                }
                throw e.getCause() instanceof SdkException failed ? reasons.of(failed) : e;
            }
        }
        return batches;
    }

    private Instant due(ShardPosition shard) {
        Cursor cursor = cursors.get(shard.shard());
        return cursor == null ? Instant.EPOCH : cursor.due();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable ShardBatch read(ShardPosition shard) {
        Cursor cursor = cursors.get(shard.shard());
        String iterator = cursor != null && cursor.position().equals(shard.position()) ? cursor.iterator() : null;
        String lost = null;
        try {
            if (iterator == null) {
                StreamDescriptionSummary described = describe();
                if (!shard.shard().startsWith(made(described))) {
                    return gone(shard, "The stream " + stream + " of Kinesis was deleted and made again. ");
                }
                lost = dropped(shard, described.retentionPeriodHours());
                iterator = iterator(shard);
            }
            String next = iterator;
            return batch(
                    shard, client.getRecords(asked -> asked.shardIterator(next).limit(MOST_RECORDS)), lost);
        } catch (ExpiredIteratorException e) {
            cursors.remove(shard.shard());
            return null;
        } catch (ProvisionedThroughputExceededException e) {
            cursors.put(
                    shard.shard(),
                    new Cursor(shard.position(), iterator, Instant.now().plus(AFTER_TOO_MANY)));
            return null;
        } catch (ResourceNotFoundException e) {
            cursors.remove(shard.shard());
            // Of a stream that is gone as a whole, this says so.
            describe();
            return gone(shard, "Kinesis has dropped the shard because of the stream's retention. ");
        } catch (SdkException e) {
            cursors.remove(shard.shard());
            throw e;
        }
    }

    private ShardBatch gone(ShardPosition shard, String why) {
        return ShardBatch.gone(
                shard,
                why + "What " + id(shard) + " had after the sequence number "
                        + (shard.position().isEmpty() ? "0" : shard.position()) + " was not read.");
    }

    /** Kinesis drops records without a word when they are older than its retention. */
    private @Nullable String dropped(ShardPosition shard, int retentionHours) {
        Duration age = Duration.between(shard.readUntil(), Instant.now());
        return shard.position().isEmpty() || age.compareTo(Duration.ofHours(retentionHours)) < 0
                ? null
                : "The shard " + id(shard) + " of the stream " + stream + " was last read for records until "
                        + shard.readUntil() + ", and Kinesis keeps them for " + retentionHours
                        + " h: what came after that and is older was not read.";
    }

    private static String id(ShardPosition shard) {
        return shard.shard().substring(shard.shard().indexOf('/') + 1);
    }

    private String iterator(ShardPosition shard) {
        return client.getShardIterator(asked -> {
                    asked.streamName(stream).shardId(id(shard));
                    if (shard.position().isEmpty()) {
                        asked.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
                    } else {
                        asked.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                                .startingSequenceNumber(shard.position());
                    }
                })
                .shardIterator();
    }

    private ShardBatch batch(ShardPosition shard, GetRecordsResponse answer, @Nullable String lost) {
        List<ReceivedRow> rows = new ArrayList<>();
        String position = shard.position();
        for (Record record : answer.records()) {
            position = record.sequenceNumber();
            rows.addAll(RecordText.rows(
                    record.data().asByteArrayUnsafe(), id(shard) + ", sequence number " + record.sequenceNumber()));
        }
        Instant now = Instant.now();
        long behind = answer.millisBehindLatest() == null ? 0 : answer.millisBehindLatest();
        boolean hasEnded = answer.nextShardIterator() == null;
        if (hasEnded) {
            cursors.remove(shard.shard());
        } else {
            cursors.put(shard.shard(), new Cursor(position, answer.nextShardIterator(), now.plus(BETWEEN_READS)));
        }
        return new ShardBatch(shard, rows, position, behind > 0 ? 1 : 0, now.minusMillis(behind), hasEnded, lost);
    }
}
