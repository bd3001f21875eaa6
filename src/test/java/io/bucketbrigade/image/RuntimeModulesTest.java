package io.bucketbrigade.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The runtime of the image and of the downloads has only the modules in this list. */
@Tag("slow")
class RuntimeModulesTest {
    private static final Path LIST = TestService.HOME.resolve("deploy/runtime-modules.txt");

    private static List<String> listed() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static Set<String> withWhatTheyRequire(Collection<String> modules) {
        return Configuration.empty().resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), modules).modules().stream()
                .map(ResolvedModule::name)
                .collect(Collectors.toSet());
    }

    private static List<String> used(List<String> jars) {
        List<String> arguments = new ArrayList<>(List.of("--print-module-deps", "--ignore-missing-deps"));
        arguments.addAll(
                List.of("--multi-release", String.valueOf(Runtime.version().feature())));
        arguments.addAll(jars);
        StringWriter out = new StringWriter();
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        assertThat(status).as(out.toString()).isZero();
        return List.of(out.toString().strip().split(","));
    }

    @Test
    void the_runtime_has_every_module_that_the_program_and_its_libraries_use() throws IOException {
        List<String> jars = new ArrayList<>(List.of(BuiltProgram.JAR.toString()));
        try (Stream<Path> libraries = Files.list(BuiltProgram.JAR.resolveSibling("lib"))) {
            libraries.map(Path::toString).filter(name -> name.endsWith(".jar")).forEach(jars::add);
        }
        assertThat(withWhatTheyRequire(listed())).containsAll(used(jars));
    }
}
