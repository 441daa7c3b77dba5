package org.farfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The folder that runs anywhere has what Farfit needs of the JDK. */
class DistributionTest {

  @Test
  void linksEveryModuleOfTheJdkThatIsRequired() throws IOException {
    Matcher listed =
        Pattern.compile("<jdk.modules>([^<]*)</jdk.modules>")
            .matcher(Files.readString(Path.of("..", "distribution", "pom.xml")));
    assertThat(listed.find()).isTrue();
    Set<String> linked = new TreeSet<>(List.of(listed.group(1).split(",")));
    Set<String> required =
        Pattern.compile("requires (?:static |transitive )*(java\\.[\\w.]+|jdk\\.[\\w.]+);")
            .matcher(Files.readString(Path.of("main", "java", "module-info.java")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(required).contains("java.desktop", "jdk.incubator.vector");
    assertThat(linked).containsAll(required);
  }
}
