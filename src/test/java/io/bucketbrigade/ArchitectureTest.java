package io.bucketbrigade;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.bucketbrigade.files.FilePaths;
import java.io.File;
import java.nio.file.Path;
import java.nio.file.Paths;

@AnalyzeClasses(packages = "io.bucketbrigade", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule csv_sees_only_the_jdk = classes()
            .that()
            .resideInAPackage("io.bucketbrigade.csv")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.bucketbrigade.csv");

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("io.bucketbrigade.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule no_pipeline_sees_another =
            slices().matching("io.bucketbrigade.pipelines.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule nothing_shared_sees_a_pipeline = noClasses()
            .that()
            .resideOutsideOfPackage("io.bucketbrigade.pipelines..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.bucketbrigade.pipelines..");

    @ArchTest
    static final ArchRule only_one_class_makes_paths_from_text = noClasses()
            .that()
            .doNotBelongToAnyOf(FilePaths.class)
            .should()
            .callMethod(Path.class, "of", String.class, String[].class)
            .orShould()
            .callMethod(Paths.class, "get", String.class, String[].class)
            .orShould()
            .callConstructor(File.class, String.class);

    @ArchTest
    static final ArchRule names_that_come_from_files_and_requests_go_through_it_too = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.bucketbrigade.storage",
                    "io.bucketbrigade.fetching",
                    "io.bucketbrigade.pipelines..",
                    "io.bucketbrigade.rows",
                    "io.bucketbrigade.web")
            .should()
            .callMethod(Path.class, "resolve", String.class)
            .orShould()
            .callMethod(Path.class, "resolveSibling", String.class);

    @ArchTest
    static final ArchRule what_is_loaded_without_an_endpoint_knows_nothing_of_opentelemetry = noClasses()
            .that()
            .resideOutsideOfPackage("io.bucketbrigade.tracing")
            .or()
            .haveNameMatching(".*\\.tracing\\.(Traces.*|OtlpSettings|OtlpPairs|Unreachable)")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule what_is_loaded_without_an_endpoint_knows_nothing_of_openlineage = noClasses()
            .that()
            .resideOutsideOfPackage("io.bucketbrigade.lineage")
            .or()
            .haveSimpleName("LineageEndpoint")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.openlineage..");

    @ArchTest
    static final ArchRule only_who_starts_something_knows_how_things_are_put_together = noClasses()
            .that()
            .resideOutsideOfPackages("io.bucketbrigade.starting", "io.bucketbrigade.cli", "io.bucketbrigade.lambda")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.bucketbrigade.starting", "io.bucketbrigade.cli");

    @ArchTest
    static final ArchRule the_service_loads_nothing_for_functions = noClasses()
            .that()
            .resideOutsideOfPackage("io.bucketbrigade.lambda")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.bucketbrigade.lambda", "com.amazonaws..");
}
