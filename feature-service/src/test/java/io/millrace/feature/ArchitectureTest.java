package io.millrace.feature;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.testing.ServiceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String BASE = "io.millrace.feature";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    @Test
    void theRulesOfEveryServiceHold() {
        ServiceRules.check(BASE);
    }

    @Test
    void theFeastLayoutAndTheAggregationsAreFreeOfFrameworks() {
        for (String pure : new String[] {"feast", "aggregation"}) {
            noClasses()
                    .that()
                    .resideInAPackage(BASE + "." + pure)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..", "tools.jackson..", "org.apache.kafka..", "io.lettuce..")
                    .check(classes);
        }
    }

    @Test
    void onlyTheOnlineStoreKnowsRedis() {
        onlyIn("online", "io.lettuce..");
    }

    @Test
    void onlyTheStreamKnowsKafka() {
        onlyIn("streaming", "org.apache.kafka..");
    }

    @Test
    void onlyTheRegistryKnowsPostgres() {
        onlyIn("registry", "java.sql..");
    }

    @Test
    void theStreamDoesNotKnowTheTrainingSets() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".streaming")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + ".offline")
                .check(classes);
    }

    private void onlyIn(String own, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "." + own)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(classes);
    }
}
