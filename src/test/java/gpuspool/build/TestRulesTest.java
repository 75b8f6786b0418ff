package gpuspool.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules every test keeps. */
class TestRulesTest {
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("gpuspool");

    private static final DescribedPredicate<JavaAnnotation<?>> SKIPS = DescribedPredicate.describe(
            "an annotation that skips without telling (use an assumption, and list it in allowed-skips.txt)", a -> {
                JavaClass type = a.getRawType();
                return type.getName().equals("org.junit.jupiter.api.Disabled")
                        || type.getPackageName().startsWith("org.junit.jupiter.api.condition");
            });

    @Test
    void noTest_isSwitchedOffByAnAnnotation() {
        noMethods().should().beAnnotatedWith(SKIPS).check(TESTS);
        noMethods().should().beMetaAnnotatedWith(SKIPS).check(TESTS);
        noClasses().should().beAnnotatedWith(SKIPS).check(TESTS);
        noClasses().should().beMetaAnnotatedWith(SKIPS).check(TESTS);
    }

    @Test
    void allowedSkips_nameTestsThatExist() {
        List<String> stale = new ArrayList<>();
        for (String id : SkipPolicy.allowedSkips().keySet()) {
            int dot = id.lastIndexOf('.');
            String type = id.substring(0, dot);
            String method = id.substring(dot + 1);
            boolean there = TESTS.stream()
                    .filter(c -> c.getName()
                            .substring(c.getPackageName().length() + 1)
                            .replace('$', '.')
                            .equals(type))
                    .anyMatch(c -> method.equals("*")
                            || c.getMethods().stream().anyMatch(m -> m.getName().equals(method)));
            if (!there) {
                stale.add(id);
            }
        }
        assertEquals(List.of(), stale, "in allowed-skips.txt, but nowhere else");
    }
}
