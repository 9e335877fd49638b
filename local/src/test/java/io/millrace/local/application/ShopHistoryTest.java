package io.millrace.local.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.supervision.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopHistoryTest {

    @TempDir
    private Path root;

    private StateFolder state;
    private Path csv;

    @BeforeEach
    void make() throws Exception {
        state = new StateFolder(root);
        csv = Files.createFile(root.resolve("retail.csv.gz"));
    }

    @Test
    void aNewStateTakesAnyData() throws Exception {
        assertThat(problem(ShopHistory.file(csv, Optional.empty()))).isEmpty();
        assertThat(problem(ShopHistory.SIMULATED_FULL)).isEmpty();
        assertThat(StorefrontLoader.problem(state, Optional.empty())).isEmpty();
    }

    @Test
    void theSameDataAgainIsFineAndSoIsNone() throws Exception {
        ShopHistory.file(csv, Optional.of("2011-10-01")).write(state.application("storefront"));

        assertThat(problem(ShopHistory.file(csv, Optional.of("2011-10-01")))).isEmpty();
        assertThat(StorefrontLoader.problem(state, Optional.empty())).isEmpty();
    }

    @Test
    void otherDataAreRefusedWithTheWayOut() throws Exception {
        ShopHistory.SIMULATED.write(state.application("storefront"));

        assertThat(problem(ShopHistory.file(csv, Optional.of("2011-10-01"))))
                .contains(root + " holds the simulated shop (small), not " + csv + " until 2011-10-01."
                        + " Set MILLRACE_STATE to another folder, or `./millrace down` and delete this one.");
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws Exception {
        assertThat(problem(ShopHistory.file(root.resolve("none.csv"), Optional.empty())))
                .contains(
                        "There is no file " + root.resolve("none.csv") + " that can be read (--data storefront=FILE).");
    }

    private Optional<String> problem(ShopHistory data) throws Exception {
        return StorefrontLoader.problem(state, Optional.of(data));
    }
}
