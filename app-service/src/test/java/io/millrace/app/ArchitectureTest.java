package io.millrace.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.testing.ServiceRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final List<String> CAPABILITIES = List.of("features", "retrieval", "inference", "events");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.millrace.app");

    @Test
    void keepsTheCommonRules() {
        ServiceRules.check("io.millrace.app");
    }

    @Test
    void featuresRetrievalInferenceAndEventsDoNotKnowEachOther() {
        for (String one : CAPABILITIES) {
            for (String other : CAPABILITIES) {
                if (!one.equals(other)) {
                    nothingIn(one, "io.millrace.app." + other);
                }
            }
        }
    }

    @Test
    void onlyThePipelinesCapabilitiesAreKnownToIt() {
        nothingIn("pipeline", "io.millrace.app.application", "io.millrace.app.api");
    }

    @Test
    void aDefinitionIsReadWithoutKnowingWhatRunsIt() {
        nothingIn("definition", "io.millrace.app.pipeline", "org.springframework..", "tools.jackson..", "io.grpc..");
    }

    @Test
    void theRulesOfAPipelineKnowNeitherSpringNorJackson() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.app.pipeline")
                .and()
                .haveSimpleNameNotEndingWith("Configuration")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void kafkaIsImportedOnlyInEventsAndRecords() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.app.events", "io.millrace.app.records")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
                .check(CLASSES);
    }

    @Test
    void persistenceIsImportedOnlyInApplication() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.app.application")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.persistence..", "org.springframework.data..", "org.postgresql..")
                .check(CLASSES);
    }

    private static void nothingIn(String one, String... others) {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.app." + one)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }
}
