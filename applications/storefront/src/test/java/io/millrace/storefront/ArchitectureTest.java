package io.millrace.storefront;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String ROOT = "io.millrace.storefront";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages(ROOT);

    @Test
    void nothingThatTrainsReachesTheSimulatorsTruth() {
        for (String one : List.of("training", "checkpoint", "features", "publication", "stream", "onnx")) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + "." + one + "..")
                    .should()
                    .transitivelyDependOnClassesThat(resideInAPackage(ROOT + ".simulation.."))
                    .check(CLASSES);
        }
        noClasses()
                .that()
                .haveSimpleName("TrainCommand")
                .should()
                .transitivelyDependOnClassesThat(resideInAPackage(ROOT + ".simulation.."))
                .check(CLASSES);
    }
}
