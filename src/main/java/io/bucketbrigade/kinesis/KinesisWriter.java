package io.bucketbrigade.kinesis;

import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.SentRow;
import io.bucketbrigade.problems.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts rows into a stream of Kinesis. Of the records of a call some may be accepted and others not, so a call never holds two records whose rows
 * must keep their order: the rows of one order in a group are one record, and if they are too many for one, the next is put when the one before
 * is acknowledged. A call whose answer is lost is repeated, so rows without an idempotency key get one that only this process uses.
 */
final class KinesisWriter {
    private static final int MOST_RECORDS = 500;
    private static final int MOST_BYTES = 4_500_000;
    private static final int LARGEST_RECORD = 1_000_000;
    private static final int LONGEST_PARTITION_KEY = 250;
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(8);
    private static final long FIRST_WAIT_MS = 50;
    private static final long LONGEST_WAIT_MS = 1000;

    private final String stream;
    private final KinesisClient client;
    private final KinesisReasons reasons;
    private final ExecutorService callers;
    private final String ownKey = "brigade:kinesis:" + UUID.randomUUID();
    private long ownNumber;

    KinesisWriter(String stream, KinesisClient client, KinesisReasons reasons, ExecutorService callers) {
        this.stream = stream;
        this.client = client;
        this.reasons = reasons;
        this.callers = callers;
    }

    /** One record, and whose rows are in it. */
    private static final class Entry {
        private final String order;
        private final RecordText text = new RecordText();
        private final Set<Sending> sendings = new LinkedHashSet<>();

        Entry(String order) {
            this.order = order;
        }

        PutRecordsRequestEntry request() {
            String key = order.isEmpty() ? "-" : order;
            return PutRecordsRequestEntry.builder()
                    .partitionKey(key.substring(0, Math.min(key.length(), LONGEST_PARTITION_KEY)))
                    .data(SdkBytes.fromByteArrayUnsafe(text.bytes()))
                    .build();
        }
    }

    void put(List<Sending> group) {
        long deadline = System.nanoTime() + GIVE_UP_AFTER.toNanos();
        Map<Sending, Problem> failed = new HashMap<>();
        Set<String> failedOrders = new HashSet<>();
        for (List<Entry> wave : waves(group)) {
            List<Entry> possible = new ArrayList<>();
            for (Entry entry : wave) {
                if (!failedOrders.contains(entry.order)) {
                    possible.add(entry);
                }
            }
            List<CompletableFuture<Map<Entry, Problem>>> calls = calls(possible).stream()
                    .map(call -> CompletableFuture.supplyAsync(() -> call(call, deadline), callers))
                    .toList();
            calls.forEach(call -> call.join().forEach((entry, why) -> {
                failedOrders.add(entry.order);
                entry.sendings.forEach(sending -> failed.put(sending, why));
            }));
        }
        for (Sending sending : group) {
            Problem why = failed.get(sending);
            if (why == null) {
                sending.done().complete(null);
            } else {
                sending.done().completeExceptionally(why);
            }
        }
    }

    /** The records, at most one of each order in a wave. */
    private List<List<Entry>> waves(List<Sending> group) {
        Map<String, List<Entry>> byOrder = new LinkedHashMap<>();
        for (Sending sending : group) {
            for (SentRow row : sending.rows()) {
                SentRow named = row.key() == null ? new SentRow(ownKey, ownNumber++, row.order(), row.json()) : row;
                List<Entry> entries = byOrder.computeIfAbsent(row.order(), first -> new ArrayList<>());
                if (entries.isEmpty() || !entries.get(entries.size() - 1).text.hasRoomFor(named, LARGEST_RECORD)) {
                    entries.add(new Entry(row.order()));
                }
                Entry last = entries.get(entries.size() - 1);
                last.text.add(named);
                last.sendings.add(sending);
            }
        }
        List<List<Entry>> waves = new ArrayList<>();
        byOrder.values().forEach(entries -> {
            for (int at = 0; at < entries.size(); at++) {
                if (waves.size() == at) {
                    waves.add(new ArrayList<>());
                }
                waves.get(at).add(entries.get(at));
            }
        });
        return waves;
    }

    private static List<List<Entry>> calls(List<Entry> wave) {
        List<List<Entry>> calls = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : wave) {
            List<Entry> last = calls.isEmpty() ? null : calls.get(calls.size() - 1);
            if (last == null || last.size() == MOST_RECORDS || bytes + entry.text.size() > MOST_BYTES) {
                last = new ArrayList<>();
                calls.add(last);
                bytes = 0;
            }
            last.add(entry);
            bytes += entry.text.size() + LONGEST_PARTITION_KEY;
        }
        return calls;
    }

    /** Puts records, again and again those that are not accepted, and gives those that were not until the deadline. */
    private Map<Entry, Problem> call(List<Entry> entries, long deadline) {
        List<Entry> left = entries;
        long wait = FIRST_WAIT_MS;
        while (true) {
            PutRecordsResponse answer;
            try {
                List<PutRecordsRequestEntry> records =
                        left.stream().map(Entry::request).toList();
                answer = client.putRecords(put -> put.streamName(stream).records(records));
            } catch (SdkException e) {
                return failed(left, reasons.of(e));
            }
            List<Entry> refused = new ArrayList<>();
            String code = null;
            for (int at = 0; at < left.size(); at++) {
                PutRecordsResultEntry result = answer.records().get(at);
                if (result.errorCode() != null) {
                    refused.add(left.get(at));
                    code = result.errorCode();
                }
            }
            if (code == null) {
                return Map.of();
            }
            if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait) > deadline || !sleep(wait)) {
                return failed(refused, reasons.refused(code));
            }
            wait = Math.min(2 * wait, LONGEST_WAIT_MS);
            left = refused;
        }
    }

    private static Map<Entry, Problem> failed(List<Entry> entries, Problem why) {
        Map<Entry, Problem> failed = new LinkedHashMap<>();
        entries.forEach(entry -> failed.put(entry, why));
        return failed;
    }

    private static boolean sleep(long most) {
        try {
            Thread.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most / 2));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
