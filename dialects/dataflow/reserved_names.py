"""Words that mean something else in the printed C++, in C, or in the C library that all link to.

Keywords and macros can't be used for anything. Functions and types of the C library can't be
functions of the printed C++. A kernel has C linkage, so one that is called `read` would be what the
library itself calls in C simulation: it can't be called like a function of POSIX either.

Sources: ISO C++20 [lex.key], [extern.names] and [macro.names], ISO C17 7.31 (names that later
headers may define), and POSIX.1-2017 for what system headers declare.
"""

import re

_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
char32_t class co_await co_return co_yield compl concept const const_cast consteval constexpr
constinit continue decltype default delete do double dynamic_cast else enum explicit export extern
false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public register reinterpret_cast requires return short signed
sizeof static static_assert static_cast struct switch template this thread_local throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
"""

_TAKEN = """
main std hls lmc ap_int ap_uint ap_fixed ap_ufixed
"""
"""What C++, its library or the printed code itself means by a name."""

_MACROS = """
assert errno setjmp va_arg va_copy va_end va_start offsetof NULL EOF stdin stdout stderr BUFSIZ
FILENAME_MAX FOPEN_MAX L_tmpnam TMP_MAX RAND_MAX MB_CUR_MAX MB_LEN_MAX CHAR_BIT NAN INFINITY
HUGE_VAL HUGE_VALF HUGE_VALL MATH_ERRNO MATH_ERREXCEPT math_errhandling CLOCKS_PER_SEC TIME_UTC
WEOF DECIMAL_DIG linux unix i386
fpclassify isfinite isinf isnan isnormal signbit isgreater isgreaterequal isless islessequal
islessgreater isunordered
"""
_MACRO_FAMILIES = re.compile(
    "E[0-9A-Z]+|(FE|LC|SEEK|EXIT|FLT|DBL|LDBL|FP|M|LMC|HLS|AP)_[0-9A-Z_]*[0-9A-Z]|SIG_?[A-Z0-9]+"
    "|(PRI|SCN)[a-zX][0-9A-Z]*|(U?INT|PTRDIFF|SIZE|SSIZE|WCHAR|WINT|SIG_ATOMIC|U?S?CHAR|U?SHRT"
    "|U?LL?ONG)[0-9A-Z_]*_(MAX|MIN|C|WIDTH)"
)
"""Macros by how they are named: of errno.h, limits.h, stdint.h, signal.h and others."""

_MATH = """
acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs
fdim floor fma fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2
logb lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln
scalbn sin sinh sqrt tan tanh tgamma trunc j0 j1 jn y0 y1 yn exp10 gamma drem significand scalb
cabs cacos cacosh carg casin casinh catan catanh ccos ccosh cexp cimag clog conj cpow cproj creal
csin csinh csqrt ctan ctanh
"""
"""Functions of math.h and complex.h, which end in f and l too."""

_FUNCTIONS = """
abort abs aligned_alloc asctime at_quick_exit atexit atof atoi atol atoll bsearch btowc calloc
clearerr clock ctime difftime div exit fclose feof ferror fflush fgetc fgetpos fgets fgetwc fgetws
fopen fprintf fputc fputs fputwc fputws fread free freopen fscanf fseek fsetpos ftell fwide fwprintf
fwrite fwscanf getc getchar getenv gets getwc getwchar gmtime imaxabs imaxdiv isalnum isalpha
isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper iswalnum iswalpha iswblank
iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace iswupper iswxdigit isxdigit
labs ldiv llabs lldiv localeconv localtime longjmp malloc mblen mbrlen mbrtoc16 mbrtoc32 mbrtowc
mbsinit mbsrtowcs mbstowcs mbtowc memchr memcmp memcpy memmove memset mktime perror printf putc
putchar puts putwc putwchar qsort quick_exit raise rand realloc remove rename rewind scanf setbuf
setlocale setvbuf signal snprintf sprintf srand sscanf strcat strchr strcmp strcoll strcpy strcspn
strerror strftime strlen strncat strncmp strncpy strpbrk strrchr strspn strstr strtod strtof
strtoimax strtok strtol strtold strtoll strtoul strtoull strtoumax strxfrm swprintf swscanf system
time timespec_get tmpfile tmpnam tolower toupper towctrans towlower towupper ungetc ungetwc vfprintf
vfscanf vfwprintf vfwscanf vprintf vscanf vsnprintf vsprintf vsscanf vswprintf vswscanf vwprintf
vwscanf wcrtomb wcscat wcschr wcscmp wcscoll wcscpy wcscspn wcsftime wcslen wcsncat wcsncmp wcsncpy
wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof wcstoimax wcstok wcstol wcstold wcstoll
wcstombs wcstoul wcstoull wcstoumax wcsxfrm wctob wctomb wctrans wctype wmemchr wmemcmp wmemcpy
wmemmove wmemset wprintf wscanf
"""

_POSIX = """
accept access alarm bcmp bcopy bind brk bzero chdir chmod chown chroot close closedir connect creat
dirname dlclose dlerror dlopen dlsym dprintf dup dup2 environ execl execle execlp execv execve
execvp fchmod fchown fcntl fdatasync fdopen ffs fileno flock fnmatch fork fseeko fstat fsync ftello
ftruncate futimes getcwd getdelim getgid getline getopt getpid getppid getrusage getuid glob gsignal
hcreate hdestroy hsearch index ioctl isatty kill lfind link listen lockf lsearch lseek lstat mkdir
mkfifo mknod mkstemp mlock mmap mount mprotect msync munlock munmap nanosleep nice open opendir
openat pause pclose pipe poll popen pread putenv pwrite random read readdir readlink readv recv
recvfrom recvmsg regcomp regexec rindex rmdir sbrk select send sendfile sendmsg sendto setenv setgid
setsid setsockopt setuid shutdown sigaction sigprocmask sleep socket socketpair splice srandom stat
statfs stpcpy strcasecmp strdup strncasecmp strndup strnlen strsep strsignal strtok_r swab symlink
sync syscall sysconf tee tempnam tfind times truncate tsearch ttyname twalk umask umount uname
unlink unsetenv usleep utime vfork wait waitpid write writev
"""
_POSIX_FAMILIES = re.compile("(pthread|sem|sched|clock|timer|aio|mq)_[a-z0-9_]+")

_TYPES = """
FILE clock_t div_t double_t fenv_t fexcept_t float_t fpos_t imaxdiv_t int_fast16_t int_fast32_t
int_fast64_t int_fast8_t int_least16_t int_least32_t int_least64_t int_least8_t int16_t int32_t
int64_t int8_t intmax_t intptr_t jmp_buf lconv ldiv_t lldiv_t max_align_t mbstate_t nullptr_t
ptrdiff_t sig_atomic_t size_t ssize_t time_t timespec tm uint_fast16_t uint_fast32_t uint_fast64_t
uint_fast8_t uint_least16_t uint_least32_t uint_least64_t uint_least8_t uint16_t uint32_t uint64_t
uint8_t uintmax_t uintptr_t va_list wctrans_t wctype_t wint_t off_t pid_t uid_t gid_t mode_t
"""
"""Types of the C library and of POSIX, which headers put beside functions."""

_HEADERS = """
ap_int ap_fixed ap_axi_sdata hls_stream hls_math hls_burst_maxi lmc_ops lmc_task lmc_scheduler
lmc_fiber lmc_stats xrt_sim
assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar
wchar wctype
aio cpio dirent dlfcn elf endian fcntl features fnmatch ftw getopt glob grp iconv langinfo libgen
link malloc memory monetary mqueue netdb nl_types poll pthread pwd regex sched search semaphore
spawn strings syslog tar termios ucontext ulimit unistd utime utmpx values wait wordexp
"""
"""Headers of the tools and of lmc, of C, and of POSIX, which a design's sources may come to."""

_WORDS = frozenset([*_KEYWORDS.split(), *_TAKEN.split(), *_MACROS.split()])
_LIBRARY = frozenset(
    [
        *_FUNCTIONS.split(),
        *_TYPES.split(),
        *(name + suffix for name in _MATH.split() for suffix in ("", "f", "l")),
    ]
)


def is_reserved(name: str) -> bool:
    """Whether a name is a keyword or a macro, or is used by the printed code."""
    return name in _WORDS or _MACRO_FAMILIES.fullmatch(name) is not None


def is_of_c_library(name: str) -> bool:
    """Whether a name is a function or a type of the C library."""
    return name in _LIBRARY


def is_of_posix(name: str) -> bool:
    """Whether a name is a function of POSIX that C does not have."""
    return name in _POSIX.split() or _POSIX_FAMILIES.fullmatch(name) is not None


def is_header(name: str) -> bool:
    """Whether `NAME.h` is a header of another library."""
    return name in _HEADERS.split()
