package io.bucketbrigade.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of deploy/kubernetes, as kubectl puts them together, beside what the image and the service are. */
class ManifestsTest {
    private static final String BASE = "base";
    private static final String EMBEDDED = "overlays/embedded-database";
    private static final String IMAGE_USER = "10001";
    /** After the time for work in progress, routes, pool and server end. */
    private static final int SECONDS_TO_END = 10;

    private static final Pattern SECRET = Pattern.compile("kind\\.([a-z.]+)=(?:secret|key|.*\\.DatabaseUrl)");
    private static final Pattern DOCUMENTED =
            Pattern.compile("kustomization\\.yaml <<'END'\n(.*?)\nEND\n", Pattern.DOTALL);

    @TempDir
    private Path folder = Path.of("");

    private static Manifests manifests(String folder) throws Exception {
        return Manifests.of(Manifests.ROOT.resolve(folder));
    }

    private Settings settings() {
        return SettingsLoader.load(TestService.HOME, folder, Map.of(), Map.of());
    }

    private static String dockerfile() throws IOException {
        return Files.readString(TestService.HOME.resolve("Dockerfile"));
    }

    /** The variables whose values nobody may read. */
    private static List<String> secrets() throws IOException {
        Matcher secret =
                SECRET.matcher(Files.readString(TestService.HOME.resolve("src/main/resources/application.properties")));
        List<String> secrets = new ArrayList<>();
        while (secret.find()) {
            secrets.add(Settings.variable(secret.group(1)));
        }
        assertThat(secrets).contains("BRIGADE_DATABASE_URL", "BRIGADE_API_KEY", "AWS_SECRET_ACCESS_KEY");
        return secrets;
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void every_manifest_has_only_fields_that_kubernetes_knows(String folder) throws Exception {
        List<JsonNode> all = manifests(folder).all();
        assertThat(all).hasSizeGreaterThan(3).allSatisfy(KnownFields::check);
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void the_pod_keeps_to_the_restricted_standard_and_to_the_user_of_the_image(String folder) throws Exception {
        JsonNode pod = manifests(folder).pod();
        JsonNode security = pod.path("securityContext");
        assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(dockerfile()).contains("--uid " + IMAGE_USER + " ");
        assertThat(security.path("runAsUser").asText()).isEqualTo(IMAGE_USER);
        assertThat(security.path("fsGroup").asText()).isEqualTo(IMAGE_USER);
        assertThat(security.path("fsGroupChangePolicy").asText()).isEqualTo("OnRootMismatch");
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")) {
            assertThat(pod.has(shared)).as(shared).isFalse();
        }
        for (JsonNode volume : pod.path("volumes")) {
            assertThat(volume.has("emptyDir") || volume.has("persistentVolumeClaim"))
                    .as(volume.toString())
                    .isTrue();
        }
        JsonNode container = manifests(folder).container();
        JsonNode rights = container.path("securityContext");
        assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(Manifests.texts(rights.at("/capabilities/drop"))).containsExactly("ALL");
        assertThat(rights.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(rights.path("privileged").asBoolean()).isFalse();
        assertThat(container.findValues("hostPort")).isEmpty();
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void what_the_image_writes_is_on_volumes(String folder) throws Exception {
        Manifests manifests = manifests(folder);
        assertThat(dockerfile()).contains("BRIGADE_DATA=/data");
        List<JsonNode> volumes = new ArrayList<>(Manifests.list(manifests.pod().path("volumes")));
        manifests.workload().at("/spec/volumeClaimTemplates").forEach(claim -> volumes.add(claim.path("metadata")));
        List<String> names =
                volumes.stream().map(volume -> volume.path("name").asText()).toList();
        List<JsonNode> mounts = Manifests.list(manifests.container().path("volumeMounts"));
        assertThat(mounts)
                .extracting(mount -> mount.path("mountPath").asText())
                .containsExactlyInAnyOrder("/data", "/tmp");
        assertThat(mounts).extracting(mount -> mount.path("name").asText()).containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void the_service_is_reached_at_the_port_that_it_listens_on(String folder) throws Exception {
        Manifests manifests = manifests(folder);
        String port = settings().text("brigade.http.port");
        assertThat(dockerfile()).contains("EXPOSE " + port, "BRIGADE_HTTP_HOST=0.0.0.0");
        assertThat(manifests.container().at("/ports/0/containerPort").asText()).isEqualTo(port);
        String name = manifests.container().at("/ports/0/name").asText();
        assertThat(manifests.one("Service").at("/spec/ports/0/targetPort").asText())
                .isEqualTo(name);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(manifests.container().at("/" + probe + "/httpGet/port").asText())
                    .as(probe)
                    .isEqualTo(name);
        }
        JsonNode ingress = manifests.one("NetworkPolicy").at("/spec/ingress");
        assertThat(ingress).hasSize(1);
        assertThat(ingress.at("/0/from")).isNotEmpty();
        assertThat(ingress.at("/0/ports")).hasSize(1);
        assertThat(ingress.at("/0/ports/0/port").asText()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void all_that_selects_pods_selects_these(String folder) throws Exception {
        Manifests manifests = manifests(folder);
        JsonNode labels = manifests.workload().at("/spec/template/metadata/labels");
        assertThat(labels).isNotEmpty();
        assertThat(manifests.workload().at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(manifests.one("Service").at("/spec/selector")).isEqualTo(labels);
        assertThat(manifests.one("NetworkPolicy").at("/spec/podSelector/matchLabels"))
                .isEqualTo(labels);
        assertThat(manifests.one("PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        assertThat(manifests
                        .one("PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void every_variable_is_a_setting_and_secrets_are_only_referred_to(String folder) throws Exception {
        Manifests manifests = manifests(folder);
        List<String> known =
                settings().values().keySet().stream().map(Settings::variable).toList();
        List<String> names = manifests.variables().stream()
                .map(variable -> variable.path("name").asText())
                .toList();
        assertThat(known).containsAll(names);
        List<String> configured = new ArrayList<>();
        manifests.configuration().fieldNames().forEachRemaining(configured::add);
        assertThat(known).containsAll(configured);
        assertThat(configured).doesNotContainAnyElementsOf(secrets());
        assertThat(names).contains("BRIGADE_API_KEY");
        assertThat(names.contains("BRIGADE_DATABASE_URL")).isEqualTo(folder.equals(BASE));
        for (JsonNode variable : manifests.variables()) {
            assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                    .as(variable.toString())
                    .isEqualTo("brigade");
        }
        assertThat(manifests.ofKind("Secret")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {BASE, EMBEDDED})
    void a_stop_and_a_start_have_the_time_that_the_service_needs(String folder) throws Exception {
        Manifests manifests = manifests(folder);
        int toldBefore =
                manifests.container().at("/lifecycle/preStop/exec/command/1").asInt();
        assertThat(toldBefore).isPositive();
        assertThat(manifests.pod().path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(toldBefore + settings().number("camel.main.shutdownTimeout") + SECONDS_TO_END);
        JsonNode start = manifests.container().path("startupProbe");
        Duration allowed = Duration.ofSeconds(start.path("periodSeconds").asLong()
                * start.path("failureThreshold").asLong());
        assertThat(allowed)
                .isGreaterThan(settings().duration("brigade.database.wait").multipliedBy(2));
    }

    @Test
    void no_second_pod_begins_on_a_volume_that_one_is_using() throws Exception {
        JsonNode deployment = manifests(BASE).one("Deployment").path("spec");
        assertThat(deployment.path("replicas").asInt()).isEqualTo(1);
        assertThat(deployment.at("/strategy/type").asText()).isEqualTo("Recreate");
        Manifests embedded = manifests(EMBEDDED);
        JsonNode stateful = embedded.one("StatefulSet").path("spec");
        assertThat(stateful.path("replicas").asInt()).isEqualTo(1);
        assertThat(stateful.path("serviceName").asText())
                .isEqualTo(embedded.one("Service").at("/metadata/name").asText());
        assertThat(embedded.ofKind("PersistentVolumeClaim")).isEmpty();
    }

    @Test
    void out_go_only_names_https_and_postgresql() throws Exception {
        assertThat(portsOut(manifests(BASE))).containsExactlyInAnyOrder("53/UDP", "53/TCP", "5432/TCP", "443/TCP");
        assertThat(portsOut(manifests(EMBEDDED))).containsExactlyInAnyOrder("53/UDP", "53/TCP", "443/TCP");
    }

    private static List<String> portsOut(Manifests manifests) {
        JsonNode policy = manifests.one("NetworkPolicy").path("spec");
        assertThat(Manifests.texts(policy.path("policyTypes"))).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.path("egress"))
                .allSatisfy(rule -> assertThat(rule.path("ports")).isNotEmpty());
        return Manifests.list(policy.path("egress")).stream()
                .flatMap(rule -> Manifests.list(rule.path("ports")).stream())
                .map(port ->
                        port.path("port").asText() + "/" + port.path("protocol").asText())
                .toList();
    }

    /** The overlays that docs/DEPLOY.md shows, in folders beside that of the embedded database. */
    private List<Manifests> documented() throws Exception {
        List<Manifests> documented = new ArrayList<>();
        Matcher overlay = DOCUMENTED.matcher(Files.readString(TestService.HOME.resolve("docs/DEPLOY.md")));
        while (overlay.find()) {
            Path copy = Files.createDirectories(folder.resolve(Integer.toString(documented.size())));
            Path overlays = copy.resolve("overlays/mine");
            try (Stream<Path> files = Files.walk(Manifests.ROOT)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = copy.resolve(Manifests.ROOT.relativize(file).toString());
                    Files.createDirectories(target.resolveSibling(""));
                    Files.copy(file, target);
                }
            }
            Files.createDirectories(overlays);
            Files.writeString(overlays.resolve("kustomization.yaml"), overlay.group(1));
            documented.add(Manifests.of(overlays));
        }
        return documented;
    }

    @Test
    void the_overlays_in_the_document_change_what_it_says() throws Exception {
        List<Manifests> documented = documented();
        assertThat(documented).hasSize(2);
        Manifests own = documented.get(0);
        assertThat(own.container().path("image").asText()).isEqualTo("registry.example.com/pipeline-api:1");
        assertThat(own.one("PersistentVolumeClaim")
                        .at("/spec/resources/requests/storage")
                        .asText())
                .isEqualTo("100Gi");
        Manifests buckets = documented.get(1);
        JsonNode deployment = buckets.one("Deployment").path("spec");
        assertThat(deployment.path("replicas").asInt()).isEqualTo(2);
        assertThat(deployment.path("strategy").toString()).isEqualTo("{\"type\":\"RollingUpdate\"}");
        assertThat(buckets.ofKind("PersistentVolumeClaim")).isEmpty();
        assertThat(buckets.pod().findValues("persistentVolumeClaim")).isEmpty();
        Map<String, String> set = new HashMap<>();
        buckets.configuration()
                .properties()
                .forEach(entry -> set.put(entry.getKey(), entry.getValue().asText()));
        Settings inBuckets = SettingsLoader.load(TestService.HOME, folder, set, Map.of());
        List<String> places = Stream.concat(inBuckets.places(true).stream(), inBuckets.places(false).stream())
                .toList();
        assertThat(places)
                .hasSizeGreaterThan(5)
                .allSatisfy(place -> assertThat(inBuckets.text(place)).as(place).startsWith("s3://"));
        for (Manifests manifests : documented) {
            assertThat(manifests.all()).allSatisfy(KnownFields::check);
        }
    }
}
