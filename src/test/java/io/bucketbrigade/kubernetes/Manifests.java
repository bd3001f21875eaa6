package io.bucketbrigade.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.bucketbrigade.support.TestService;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * What {@code kubectl kustomize} makes of a folder. Without kubectl, the files of a folder that patches nothing are read as they are.
 *
 * @param all one for each object
 */
record Manifests(List<JsonNode> all) {
    static final Path ROOT = TestService.HOME.resolve("deploy/kubernetes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

    static Manifests of(Path folder) throws Exception {
        if (isKubectlInstalled()) {
            return rendered(folder);
        }
        JsonNode kustomization =
                YAML.readTree(folder.resolve("kustomization.yaml").toFile());
        Assumptions.assumeFalse(kustomization.has("patches"), "kubectl is not installed");
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode resource : kustomization.path("resources")) {
            all.addAll(read(Files.readString(folder.resolve(resource.asText()))));
        }
        return new Manifests(all);
    }

    static boolean isKubectlInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .anyMatch(Files::isExecutable);
    }

    private static Manifests rendered(Path folder) throws IOException, InterruptedException {
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as(text).isZero();
        return new Manifests(read(text));
    }

    static List<JsonNode> read(String text) throws IOException {
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return values.readAll();
        }
    }

    List<JsonNode> ofKind(String kind) {
        return all.stream()
                .filter(manifest -> manifest.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode one(String kind) {
        assertThat(ofKind(kind)).as(kind).hasSize(1);
        return ofKind(kind).get(0);
    }

    /** The Deployment or the StatefulSet. */
    JsonNode workload() {
        List<JsonNode> found = all.stream()
                .filter(manifest -> WORKLOADS.contains(manifest.path("kind").asText()))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    JsonNode pod() {
        return workload().at("/spec/template/spec");
    }

    JsonNode container() {
        assertThat(pod().path("containers")).hasSize(1);
        return pod().at("/containers/0");
    }

    /** The environment variables of the container that have names here. */
    List<JsonNode> variables() {
        return list(container().path("env"));
    }

    /** What is in the ConfigMap that the container reads. */
    JsonNode configuration() {
        return ofKind("ConfigMap").stream()
                .findFirst()
                .map(map -> map.path("data"))
                .orElse(MissingNode.getInstance());
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static List<String> texts(JsonNode array) {
        return list(array).stream().map(JsonNode::asText).toList();
    }
}
