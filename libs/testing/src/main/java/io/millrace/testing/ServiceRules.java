package io.millrace.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The rules that hold in every service; what holds in one is in that service's own {@code ArchitectureTest}. */
public final class ServiceRules {

    private ServiceRules() {}

    /**
     * Checks the main classes of a service.
     *
     * @param basePackage for example {@code io.millrace.app}
     * @throws AssertionError that names each class or package that breaks a rule
     */
    public static void check(String basePackage) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(new ImportOption.DoNotIncludeJars()) // generated messages share a service's prefix
                .importPackages(basePackage);
        packagesAreFreeOfCycles(basePackage, classes);
        nothingDependsOnAnEdge(basePackage, classes);
        everyPackageSaysWhatItIs(basePackage, classes);
    }

    private static void packagesAreFreeOfCycles(String basePackage, JavaClasses classes) {
        slices().matching(basePackage + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }

    private static void nothingDependsOnAnEdge(String basePackage, JavaClasses classes) {
        for (String edge : List.of("api", "protocol")) {
            String inside = basePackage + "." + edge + "..";
            noClasses()
                    .that()
                    .resideOutsideOfPackage(inside)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(inside)
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    private static void everyPackageSaysWhatItIs(String basePackage, JavaClasses classes) {
        List<String> silent = classes.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each ->
                        each.getName().equals(basePackage) || each.getName().startsWith(basePackage + "."))
                .filter(each -> !isNullMarked(each))
                .map(JavaPackage::getName)
                .sorted()
                .toList();
        if (!silent.isEmpty()) {
            throw new AssertionError("Packages without a @NullMarked package-info.java: " + silent);
        }
    }

    private static boolean isNullMarked(JavaPackage each) {
        return each.isAnnotatedWith(NullMarked.class);
    }
}
