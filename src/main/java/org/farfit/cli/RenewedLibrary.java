package org.farfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies a library with its classes in the format of this JDK: the same code with maps of the
 * stack. The launchers do that before they let the JVM make its cache of classes, which takes none
 * older than those of Java 6, and no class or lambda that needs one; picocli's are of Java 5.
 */
final class RenewedLibrary {

  /** The format of Java 6, the first that has maps of the stack. */
  private static final int FIRST_WITH_MAPS = ClassFile.JAVA_6_VERSION;

  /** The oldest time that archives can tell, so that copies of the same are the same. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final String CLASS = ".class";

  private RenewedLibrary() {}

  /**
   * Copies the jar that is named first, which must be on the class path, to the file named second.
   */
  public static void main(String[] arguments) throws IOException {
    copy(Path.of(arguments[0]), Path.of(arguments[1]));
  }

  static void copy(Path from, Path to) throws IOException {
    ClassFile classes =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
    try (InputStream file = Files.newInputStream(from);
        ZipInputStream in = new ZipInputStream(file);
        OutputStream target = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(target)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(TIME);
        out.putNextEntry(copy);
        byte[] content = in.readAllBytes();
        out.write(entry.getName().endsWith(CLASS) ? renewed(classes, content) : content);
        out.closeEntry();
      }
    }
  }

  private static byte[] renewed(ClassFile classes, byte[] content) {
    ClassModel model = classes.parse(content);
    if (model.majorVersion() >= FIRST_WITH_MAPS) {
      return content;
    }
    // Bodies are built anew, which is what makes the maps.
    return classes.transformClass(
        model,
        ClassTransform.transformingMethodBodies(CodeBuilder::with)
            .andThen((builder, element) ->
                builder.with(
                    element instanceof ClassFileVersion
                        ? ClassFileVersion.of(ClassFile.latestMajorVersion(), 0)
                        : element)));
  }
}
