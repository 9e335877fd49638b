package io.millrace.inference;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.testing.ServiceRules;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String BASE = "io.millrace.inference";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages(BASE);

    @Test
    void keepsTheRulesOfAllServices() {
        ServiceRules.check(BASE);
    }

    @Test
    void onnxRuntimeIsKnownOnlyInRuntime() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime.."));
    }

    @Test
    void bucketsAreKnownOnlyInRepository() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".repository..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk.."));
    }

    @Test
    void rulesAndCodecsKnowNeitherSpringNorJackson() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        BASE + ".model..",
                        BASE + ".batching..",
                        BASE + ".cache..",
                        BASE + ".cost..",
                        BASE + ".runtime..")
                .or()
                .haveSimpleNameEndingWith("Codec")
                .and()
                .haveSimpleNameNotEndingWith("Configuration")
                .and()
                .haveSimpleNameNotEndingWith("Properties")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "tools.jackson..", "com.fasterxml.jackson.."));
    }

    @Test
    void protocolBuffersAreKnownOnlyInProtocol() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("inference..", "com.google.protobuf..", "io.grpc.."));
    }

    @Test
    void theModelKnowsNobody() {
        check(knowsOnly("model"));
    }

    @Test
    void batchingRepositoryAndRuntimeKnowTheModelAndNotEachOther() {
        check(knowsOnly("batching", "model", "cost"));
        check(knowsOnly("cost"));
        check(knowsOnly("cache", "model", "batching"));
        check(knowsOnly("repository", "model"));
        check(knowsOnly("runtime", "model"));
        check(knowsOnly("routing"));
    }

    @Test
    void theProtocolReachesModelsThroughTheRepositoryAndNotThroughTheRuntime() {
        check(noClasses()
                .that()
                .resideInAPackage(BASE + ".protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + ".runtime..", BASE + ".batching.."));
    }

    private static ArchRule knowsOnly(String part, String... others) {
        String[] known = Stream.concat(Stream.of(part), Stream.of(others))
                .map(name -> BASE + "." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(BASE + "." + part + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(known))));
    }

    private void check(ArchRule rule) {
        rule.check(classes);
    }
}
