package io.millrace.vector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.testing.ServiceRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.millrace.vector");

    @Test
    void keepsTheCommonRules() {
        ServiceRules.check("io.millrace.vector");
    }

    @Test
    void luceneIsImportedOnlyInEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.vector.engine")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene..")
                .check(CLASSES);
    }

    @Test
    void kafkaIsImportedOnlyInIngestion() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.vector.ingestion")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
                .check(CLASSES);
    }

    @Test
    void engineKnowsNeitherSpringNorJacksonNorTheOtherPackages() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.vector.engine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "tools.jackson..",
                        "io.millrace.vector.collection",
                        "io.millrace.vector.ingestion",
                        "io.millrace.vector.api")
                .check(CLASSES);
    }

    @Test
    void collectionsDoNotKnowWhereTheirPointsComeFrom() {
        noClasses()
                .that()
                .resideInAPackage("io.millrace.vector.collection")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.vector.ingestion", "io.millrace.vector.api")
                .check(CLASSES);
    }
}
