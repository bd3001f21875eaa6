package io.bucketbrigade.deploying;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A template in deploy/aws as it is written: {@code !Ref x} is {@code {"Ref": "x"}}, {@code !Sub x} is {@code {"Fn::Sub": "x"}}. */
final class CloudTemplate {
    static final Path SERVICE = TestService.HOME.resolve("deploy/aws/service.yaml");
    static final Path FUNCTION = TestService.HOME.resolve("deploy/aws/leaderboard-lambda.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode root;

    CloudTemplate(Path file) throws IOException {
        Object read = new Yaml(new Functions()).load(Files.readString(file));
        root = JSON.valueToTree(read);
    }

    JsonNode parameters() {
        return root.path("Parameters");
    }

    JsonNode resource(String name) {
        return root.path("Resources").path(name);
    }

    /** The properties of a resource. */
    JsonNode properties(String name) {
        return resource(name).path("Properties");
    }

    /** The names of the resources of a type. */
    List<String> ofType(String type) {
        List<String> names = new ArrayList<>();
        root.path("Resources").properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals(type)) {
                names.add(resource.getKey());
            }
        });
        return names;
    }

    /** The container of the task. */
    JsonNode container() {
        return properties("Task").path("ContainerDefinitions").path(0);
    }

    /** The elements of a list; what is not a list is one element. */
    static List<JsonNode> elements(JsonNode node) {
        List<JsonNode> elements = new ArrayList<>();
        if (node instanceof ArrayNode list) {
            list.forEach(elements::add);
        } else {
            elements.add(node);
        }
        return elements;
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    private static final class Functions extends SafeConstructor {
        Functions() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String name = node.getTag().getValue().substring(1);
                    return Map.of(name.equals("Ref") ? name : "Fn::" + name, argument(node));
                }
            });
        }

        private Object argument(Node node) {
            if (node instanceof SequenceNode sequence) {
                return constructSequence(sequence);
            }
            return node instanceof MappingNode mapping ? constructMapping(mapping) : ((ScalarNode) node).getValue();
        }
    }
}
