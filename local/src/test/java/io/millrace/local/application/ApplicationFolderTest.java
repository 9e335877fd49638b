package io.millrace.local.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationFolderTest {

    private static final String APPLICATION = """
            application: shop
            sources:
              popular: {file: popular.json}
            """;

    @TempDir
    private Path root;

    private Path folder;
    private Path generated;

    @BeforeEach
    void make() throws Exception {
        folder = Files.createDirectory(root.resolve("shop"));
        generated = Files.createDirectory(root.resolve("generated"));
        Files.writeString(folder.resolve("application.yaml"), APPLICATION);
    }

    @Test
    void aSourceComesFromWhatTheTrainerGenerated() throws Exception {
        Files.writeString(generated.resolve("popular.json"), "[{\"id\":\"85123A\"}]");

        assertThat(body())
                .isEqualTo("{\"definition\":\"application: shop\\nsources:\\n  popular: {file: popular.json}\\n\","
                        + "\"sources\":{\"popular\":[{\"id\":\"85123A\"}]}}");
    }

    @Test
    void aSourceBesideTheDefinitionWins() throws Exception {
        Files.writeString(generated.resolve("popular.json"), "[{\"id\":\"generated\"}]");
        Files.writeString(folder.resolve("popular.json"), "[{\"id\":\"written\"}]");

        assertThat(body()).contains("written").doesNotContain("generated");
    }

    @Test
    void aSourceThatIsNowhereIsNamedWithWhereItWasLookedFor() {
        assertThatThrownBy(this::body)
                .isInstanceOf(DefinitionException.class)
                .hasMessage("application.yaml takes the source `popular` from popular.json, which is neither in "
                        + folder + " nor in " + generated + ".");
    }

    @Test
    void anApplicationNeedsItsName() throws Exception {
        Files.writeString(folder.resolve("application.yaml"), "steps: []");

        assertThatThrownBy(this::body).hasMessageEndingWith("application.yaml does not say its `application`.");
    }

    @Test
    void whatIsNoYamlIsRefused() throws Exception {
        Files.writeString(folder.resolve("application.yaml"), "steps: [");

        assertThatThrownBy(this::body)
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining("application.yaml is no YAML");
    }

    @Test
    void collectionsAreSentAsJson() throws Exception {
        Files.writeString(folder.resolve("collections.yaml"), """
                collections:
                  items:
                    vectors: {embedding: {size: 64, distance: dot}}
                """);

        assertThat(new ApplicationFolder(folder, generated).collections())
                .containsOnlyKeys("items")
                .containsValue("{\"vectors\":{\"embedding\":{\"size\":64,\"distance\":\"dot\"}}}");
    }

    @Test
    void aFolderWithoutDefinitionsIsEmpty() {
        assertThat(new ApplicationFolder(folder, generated).isEmpty()).isFalse();
        assertThat(new ApplicationFolder(generated, generated).isEmpty()).isTrue();
    }

    private String body() throws DefinitionException {
        return new ApplicationFolder(folder, generated)
                .application()
                .orElseThrow()
                .body();
    }
}
