package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.lake.LakeSnapshot.Version;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A lake in a bucket, by services that have nothing but the database and the bucket in common. */
@Tag("slow")
class LakeInBucketTest {
    private static final String HEADER =
            "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,neighborhood\n";
    private static final String CASES_OF_2015 = HEADER
            + "101,2015-01-02 10:00:00,2015-01-03 10:00:00,2015-01-05 11:30:00,OVERDUE,Closed,\"thanks,\nall\",Roxbury\n"
            + "102,2015-02-02 10:00:00,,,,Open,,Roxbury\n";
    private static final String CASES_OF_2016 =
            HEADER + "201,2016-03-04 00:00:00,,2016-03-04 12:00:00,ONTIME,Closed,,Dorchester\n";
    private static final String MORE_CASES_OF_2016 = CASES_OF_2016 + "202,2016-05-04 00:00:00,,,,Open,,Dorchester\n";

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private final String databaseUri = TestDatabase.newUriWithTables();

    @TempDir
    private Path folder = Path.of("");

    private TestService service(String disk, String raw) throws Exception {
        return service(disk, raw, buckets.endpoint());
    }

    private TestService service(String disk, String raw, URI server) throws Exception {
        Map<String, String> environment = new HashMap<>(buckets.environment(server));
        environment.put("CITY_REQUESTS_RAW", raw);
        environment.put("CITY_REQUESTS_LAKE", "s3://" + bucket + "/lake");
        environment.put("CITY_REQUESTS_QUIET", "300ms");
        environment.put("BRIGADE_LAKE_QUERIES_AT_ONCE", "1");
        environment.put("BRIGADE_LAKE_QUERIES_TIME", "5s");
        return new TestService(folder.resolve(disk), databaseUri, environment);
    }

    private Set<String> keys(String prefix) {
        return buckets
                .client()
                .listObjectsV2Paginator(request -> request.bucket(bucket).prefix("lake/city_requests/" + prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> newKeys(String prefix, Set<String> before) {
        Set<String> keys = keys(prefix);
        keys.removeAll(before);
        return keys;
    }

    /** The objects of which a disk has a copy. */
    private Set<String> copies(String disk) throws Exception {
        Path files = folder.resolve(disk).resolve("lake-cache/1/files").resolve(bucket);
        try (Stream<Path> all = Files.walk(files)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> files.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static HttpResponse<String> totals(TestService service) throws Exception {
        return service.get("/city-requests/charts/totals");
    }

    private static long cases(TestService service) throws Exception {
        HttpResponse<String> answer = totals(service);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body()).path(0).path("cases").asLong();
    }

    private static long awaitRun(TestService service, long id) {
        return service.awaitRun("city-requests", id, "succeeded").path("id").asLong();
    }

    /** One question is answered at once. */
    private static void requireChartsWhileFilesOfBronzeAreFetched(FaultProxy proxy, TestService service)
            throws Exception {
        CompletableFuture<Fault> forBronze = new CompletableFuture<>();
        proxy.rule(request -> isForBronze(request) ? forBronze.join() : Fault.NONE);
        CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> lineage(service));
        await().until(() -> proxy.requests().stream().anyMatch(LakeInBucketTest::isForBronze));
        assertThat(cases(service)).isEqualTo(4);
        HttpResponse<String> second = lineage(service);
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.body()).contains("The tables of city-requests are still being loaded");
        forBronze.complete(Fault.NONE);
        assertThat(first.get().statusCode()).isEqualTo(200);
    }

    private static boolean isForBronze(FaultProxy.Request request) {
        return request.target().contains("/bronze/data/");
    }

    private static HttpResponse<String> lineage(TestService service) {
        try {
            return service.get("/city-requests/lineage/101");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runs_and_questions_go_on_from_the_bucket_on_any_disk() throws Exception {
        buckets.put(bucket, "raw/2015.csv", CASES_OF_2015);
        buckets.put(bucket, "raw/2016.csv", CASES_OF_2016);
        String raw = "s3://" + bucket + "/raw";
        long run;
        Set<String> first;
        try (TestService service = service("disk", raw)) {
            run = awaitRun(service, 1);
            assertThat(cases(service)).isEqualTo(3);
            first = keys("");
            assertThat(service.ask("SELECT string_agg(DISTINCT split_part(metadata_location, '/metadata/', 1), ' ')"
                            + " FROM lake.iceberg_tables WHERE table_name = 'silver'"))
                    .isEqualTo("s3://" + bucket + "/lake/city_requests/silver");

            buckets.put(bucket, "raw/2016.csv", MORE_CASES_OF_2016);
            run = awaitRun(service, run + 1);
            assertThat(cases(service)).isEqualTo(4);
            assertThat(newKeys("bronze/data/", first)).hasSize(1);
            assertThat(newKeys("silver/data/", first)).hasSize(2).allMatch(key -> key.contains("year=2016"));
        }

        Set<String> second = keys("");
        TemporaryFolder.remove(folder.resolve("disk/lake-cache"));
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint());
                TestService service = service("disk", raw, proxy.endpoint())) {
            assertThat(cases(service)).isEqualTo(4);
            assertThat(copies("disk")).isNotEmpty().isSubsetOf(second).noneMatch(key -> key.contains("bronze"));
            requireChartsWhileFilesOfBronzeAreFetched(proxy, service);
        }

        buckets.put(bucket, "raw/2015.csv", CASES_OF_2015 + "103,2015-02-03 10:00:00,,,,Open,,Roxbury\n");
        try (TestService service = service("another-disk", raw)) {
            awaitRun(service, run + 1);
            assertThat(newKeys("bronze/data/", second)).hasSize(1);
            assertThat(newKeys("silver/data/", second)).hasSize(2).allMatch(key -> key.contains("year=2015"));
            assertThat(cases(service)).isEqualTo(5);
        }
        try (Stream<Path> temporary = Files.list(folder.resolve("another-disk/tmp"))) {
            assertThat(temporary).isEmpty();
        }
    }

    private static int connectionsInUse(Database database) {
        return ((HikariDataSource) database.pool()).getHikariPoolMXBean().getActiveConnections();
    }

    @Test
    void what_an_upload_left_behind_is_removed_by_age_and_no_transaction_is_open_while_the_bucket_is_asked()
            throws Exception {
        Path raw = Files.createDirectories(folder.resolve("raw"));
        Path whole = Files.writeString(folder.resolve("whole"), CASES_OF_2015);
        Files.move(whole, raw.resolve("2015.csv"), StandardCopyOption.ATOMIC_MOVE);
        String left = "lake/city_requests/silver/data/year=2015/month=1/run1-silver_left.parquet";
        buckets.put(bucket, left, "half a run");
        buckets.put(bucket, "lake/of-somebody-else", "stays");
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint());
                TestService service = service("disk", raw.toString(), proxy.endpoint());
                Database database = Database.connect(DatabaseAddress.parse(databaseUri, "", ""))) {
            awaitRun(service, 1);
            Set<String> needed = keys("");
            needed.remove(left);
            ConcurrentLinkedQueue<Integer> inUse = new ConcurrentLinkedQueue<>();
            proxy.rule(request -> {
                inUse.add(connectionsInUse(database));
                return Fault.NONE;
            });
            Locations locations = Objects.requireNonNull(
                    service.context().getRegistry().lookupByNameAndType("locations", Locations.class));
            Instant now = Instant.now();
            for (int day = 0; day < 2; day++) {
                Instant then = now.plus(Duration.ofDays(2L * day));
                new LakeUpkeep(locations, database.pool(), Duration.ofDays(7), Duration.ofDays(1), () -> then).tidy();
            }
            assertThat(keys("")).isEqualTo(needed);
            assertThat(buckets.get(bucket, "lake/of-somebody-else").asUtf8String())
                    .isEqualTo("stays");
            assertThat(inUse).as("while it is tidied").isNotEmpty().containsOnly(0);

            inUse.clear();
            assertThat(lateCases(locations, database)).hasValue("case_enquiry_id\n101\n");
            assertThat(inUse).as("while a table is read").isNotEmpty().containsOnly(0);
            inUse.clear();
            LakeSnapshot.open(
                            Version.of(database.pool(), "city-requests", ""),
                            new LakeFiles(locations, "s3://" + bucket + "/lake", cache("snapshot")),
                            new LakeQueries.Limits(1 << 27, 1, Duration.ofSeconds(10), 1, folder.resolve("spill")))
                    .release();
            assertThat(inUse).as("while a snapshot is opened").isNotEmpty().containsOnly(0);

            String lost = needed.stream()
                    .filter(key -> key.contains("/late_cases/data/"))
                    .findFirst()
                    .orElseThrow();
            buckets.client().deleteObject(request -> request.bucket(bucket).key(lost));
            assertThatThrownBy(() -> lateCases(locations, database))
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith("The table city_requests.late_cases can't be read: its file "
                            + lost.substring("lake/".length()) + " is missing.");
        }
    }

    private LakeCache cache(String name) {
        return new LakeCache(folder.resolve(name), 1 << 20);
    }

    private Optional<String> lateCases(Locations locations, Database database) throws Exception {
        return PublishedTable.csv(
                database.pool(),
                locations,
                "s3://" + bucket + "/lake",
                "city-requests",
                "late_cases",
                List.of("case_enquiry_id"),
                new Lake.Limits(1 << 27, 1, folder.resolve("spill")));
    }
}
