# cmake -DIN=file -DOUT=source.c -DSYMBOL=name -P embed_file.cmake: see embed.cmake.
file(READ ${IN} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," literals "${hex}")
string(REGEX REPLACE "(0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],0x[0-9a-f][0-9a-f],)"
       "\\1\n" literals "${literals}")
file(WRITE ${OUT} "const unsigned char ${SYMBOL}[] = {\n${literals}0};\nconst unsigned ${SYMBOL}_bytes = ${bytes};\n")
